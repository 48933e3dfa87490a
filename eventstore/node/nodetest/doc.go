// Package nodetest holds the proofs about the embedded log that need it in a process of its
// own: histories of many clients, judged for linearizability, and kills at any moment, with
// everything that was acknowledged written down outside. It has no code but tests.
package nodetest
