// Follows everything that happens to accounts, with the official npm client, and goes on
// where it was whenever it or the server was away:
//
//   node consumer.mjs 'esdb://localhost:2113?tls=false' accounts.txt accounts.checkpoint
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient, START, eventTypeFilter } from '@eventstore/db-client';

const [, , connection, out, checkpoint] = process.argv;
if (!checkpoint) {
  console.error('usage: node consumer.mjs <connection string> <file to write to> <checkpoint file>');
  process.exit(2);
}
const client = EventStoreDBClient.connectionString(connection);

const load = () => {
  if (!existsSync(checkpoint)) return START;
  const position = BigInt(readFileSync(checkpoint, 'utf8'));
  return { commit: position, prepare: position };
};

// save replaces the file as a whole, so that a crash leaves the old one or the new one.
const save = (position) => {
  writeFileSync(`${checkpoint}.new`, String(position.commit));
  renameSync(`${checkpoint}.new`, checkpoint);
};

for (;;) {
  try {
    const filter = eventTypeFilter({ prefixes: ['account.'] });
    for await (const { event } of client.subscribeToAll({ fromPosition: load(), filter })) {
      // First the work, then the checkpoint: after a crash in between, the event comes
      // again. Make the work harmless when done twice, or keep the checkpoint with it in
      // one transaction. (The client tells of the checkpoints of a filter as soon as they
      // come, when events before them may still wait for this loop: do not save those.)
      appendFileSync(out, `${event.position.commit} ${event.type} ${event.streamId}\n`);
      save(event.position);
    }
  } catch (problem) {
    console.error('the subscription ended, trying again:', problem.message);
  }
  await setTimeout(1000);
}
