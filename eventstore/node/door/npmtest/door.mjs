// What the npm clients do at the door: node door.mjs <package> <connection string>
import assert from 'node:assert/strict';

const [, , name, url] = process.argv;
const lib = await import(name);
const client = (lib.KurrentDBClient ?? lib.EventStoreDBClient).connectionString(url);
const { START, END, NO_STREAM, RETRY, PARK, SKIP } = lib;
const streamSettings = lib.persistentSubscriptionToStreamSettingsFromDefaults;
const allSettings = lib.persistentSubscriptionToAllSettingsFromDefaults;

const event = (n) => lib.jsonEvent({ type: 'tested', data: { n }, metadata: { m: n } });
const numbers = (events) => events.map((e) => e.event.data.n);
// The clients have two names for what an append expects, and for what a refusal tells.
const expecting = (state) => ({ expectedRevision: state, streamState: state });
const all = async (stream) => {
  const events = [];
  for await (const e of stream) events.push(e);
  return events;
};

// follow collects what a subscription delivers until done says so, and ends it.
const follow = (subscription, take, done) =>
  new Promise((resolve, reject) => {
    const seen = [];
    const end = () => subscription.unsubscribe().then(() => resolve(seen), reject);
    subscription.on('error', reject);
    subscription.on('data', async (e) => {
      try {
        seen.push(await take(e));
        if (await done(seen)) end();
      } catch (problem) {
        reject(problem);
      }
    });
    subscription.on('caughtUp', () => done(seen, true) && end());
  });

const tests = {
  async 'append, and the wrong version'() {
    const r = await client.appendToStream('a-1', [event(0), event(1), event(2)], expecting(NO_STREAM));
    assert.equal(r.success, true);
    assert.equal(r.nextExpectedRevision, 2n);
    assert.ok(r.position.commit > 0n);
    await assert.rejects(client.appendToStream('a-1', event(9), expecting(NO_STREAM)), (e) => {
      assert.ok(e instanceof lib.WrongExpectedVersionError);
      assert.equal(e.streamName, 'a-1');
      assert.equal(e.expectedVersion ?? e.expectedState, NO_STREAM);
      assert.equal(e.actualVersion ?? e.actualState, 2n);
      return true;
    });
    await assert.rejects(client.appendToStream('a-1', event(9), expecting(7n)), lib.WrongExpectedVersionError);
    await client.appendToStream('a-1', [event(3)], expecting(2n));
  },

  async 'many appends at once'() {
    const sent = Array.from({ length: 300 }, (_, n) => client.appendToStream('flood-1', event(n)));
    const revisions = (await Promise.all(sent)).map((r) => Number(r.nextExpectedRevision));
    assert.deepEqual(revisions.sort((a, b) => a - b), Array.from({ length: 300 }, (_, n) => n));
  },

  async 'read'() {
    const events = await all(client.readStream('a-1', { fromRevision: START }));
    assert.deepEqual(numbers(events), [0, 1, 2, 3]);
    const [first] = events;
    assert.equal(first.event.revision, 0n);
    assert.equal(first.event.streamId, 'a-1');
    assert.equal(first.event.type, 'tested');
    assert.equal(first.event.isJson, true);
    assert.deepEqual(first.event.metadata, { m: 0 });
    assert.ok(Math.abs(first.event.created - Date.now()) < 600_000, 'created is about now');
    assert.deepEqual(numbers(await all(client.readStream('a-1', { direction: 'backwards', fromRevision: END, maxCount: 2 }))), [3, 2]);
    assert.equal((await all(client.readAll({ maxCount: 100 }))).length, 100);
    const filtered = client.readAll({ maxCount: 2, filter: lib.streamNameFilter({ prefixes: ['a-'] }) });
    assert.deepEqual(numbers(await all(filtered)).slice(0, 2), [0, 1]);
    await assert.rejects(all(client.readStream('missing-1')), lib.StreamNotFoundError);
  },

  async 'stream metadata'() {
    await client.setStreamMetadata('a-1', { maxCount: 3, note: 'ours' });
    const { metadata, metastreamRevision } = await client.getStreamMetadata('a-1');
    assert.equal(metadata.maxCount, 3);
    assert.equal(metadata.note, 'ours');
    assert.ok(metastreamRevision > 0n); // the clients answer the position under this name
    assert.deepEqual(numbers(await all(client.readStream('a-1'))), [1, 2, 3]);
    await client.setStreamMetadata('a-1', {});
  },

  async 'subscribe to a stream'() {
    const live = follow(client.subscribeToStream('a-1', { fromRevision: START }), (e) => e.event.data.n, (seen) => seen.length === 5);
    await client.appendToStream('a-1', event(4));
    assert.deepEqual(await live, [0, 1, 2, 3, 4]);
    const rest = client.subscribeToStream('a-1', { fromRevision: 2n });
    assert.deepEqual(await follow(rest, (e) => e.event.data.n, (_, present) => present), [3, 4]);
  },

  async 'subscribe to all, with filter and checkpoints'() {
    const checkpoints = [];
    const filter = lib.streamNameFilter({
      regex: '^(?!\\$|flood)', // .NET's look-ahead
      checkpointInterval: 1,
      maxSearchWindow: 10,
      checkpointReached: async (_subscription, position) => void checkpoints.push(position.commit),
    });
    const subscription = client.subscribeToAll({ fromPosition: START, filter });
    const seen = await follow(subscription, (e) => e.event.data.n, (_, present) => present);
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    assert.ok(checkpoints.length > 20, 'checkpoints came while 300 events were left out');
    checkpoints.reduce((before, now) => (assert.ok(now > before, 'checkpoints go on'), now));

    const from = { commit: checkpoints.at(-2), prepare: checkpoints.at(-2) };
    const resumed = client.subscribeToAll({ fromPosition: from, filter: lib.eventTypeFilter({ prefixes: ['tested'] }) });
    const later = await follow(resumed, (e) => e.event.position.commit, (_, present) => present);
    assert.ok(later.every((p) => p > from.commit), 'nothing comes twice');
  },

  async 'persistent subscription: ack, nack, park, replay'() {
    const group = 'group-1';
    await client.createPersistentSubscriptionToStream('a-1', group, streamSettings({ startFrom: START, maxRetryCount: 3 }));
    await assert.rejects(client.createPersistentSubscriptionToStream('a-1', group, streamSettings()), lib.PersistentSubscriptionExistsError);

    const read = client.subscribeToPersistentSubscriptionToStream('a-1', group);
    const take = async (e, retry = e.retryCount ?? 0) => {
      const n = e.event.data.n;
      if (n === 1 && retry === 0) await read.nack(RETRY, 'again', e);
      else if (n === 2) await read.nack(PARK, 'later', e);
      else if (n === 3) await read.nack(SKIP, 'never', e);
      else await read.ack(e);
      return [n, retry];
    };
    const info = async () => client.getPersistentSubscriptionToStreamInfo('a-1', group);
    // Who leaves at once may leave before the last answer was heard.
    const settled = async ({ length }) => {
      if (length < 6) return false;
      for (const deadline = Date.now() + 10_000; ; ) {
        const { stats } = await info();
        if (stats.totalInFlightMessages === 0 && stats.parkedMessageCount === 1n) return true;
        assert.ok(Date.now() < deadline, 'every answer is heard');
      }
    };
    const seen = await follow(read, take, settled);
    assert.deepEqual(seen.map(([n]) => n).sort(), [0, 1, 1, 2, 3, 4]);
    assert.equal(seen.filter(([n]) => n === 1).at(-1)[1], 1, 'the second delivery says so');

    assert.equal((await info()).groupName, group);
    await client.replayParkedMessagesToStream('a-1', group);
    const again = client.subscribeToPersistentSubscriptionToStream('a-1', group);
    const replayed = await follow(again, async (e) => (await again.ack(e), e.event.data.n), (s) => s.length === 1);
    assert.deepEqual(replayed, [2]);

    await client.updatePersistentSubscriptionToStream('a-1', group, streamSettings({ startFrom: END }));
    assert.equal((await client.listAllPersistentSubscriptions()).length, 1);
    await client.deletePersistentSubscriptionToStream('a-1', group);
    await assert.rejects(info(), lib.PersistentSubscriptionDoesNotExistError);
  },

  async 'persistent subscription to all'() {
    const filter = lib.streamNameFilter({ prefixes: ['a-'] });
    await client.createPersistentSubscriptionToAll('group-2', allSettings({ startFrom: START }), { filter });
    const read = client.subscribeToPersistentSubscriptionToAll('group-2', { bufferSize: 2 });
    const seen = await follow(read, async (e) => (await read.ack(e), e.event.data.n), (s) => s.length === 5);
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  },

  async 'delete, tombstone, and names of any kind'() {
    await client.deleteStream('a-1');
    await assert.rejects(all(client.readStream('a-1')), lib.StreamNotFoundError);
    const odd = 'vreemd ñ % 日本';
    await client.appendToStream(odd, event(0));
    await client.tombstoneStream(odd);
    await assert.rejects(client.appendToStream(odd, event(1)), lib.StreamDeletedError);
    await assert.rejects(client.deleteStream('missing-2', { expectedRevision: 5n }), lib.WrongExpectedVersionError);
  },
};

for (const [what, test] of Object.entries(tests)) {
  try {
    await test();
  } catch (problem) {
    console.error(`FAILED: ${what}\n`, problem);
    process.exit(1);
  }
}
console.log(`${Object.keys(tests).length} passed`);
process.exit(0); // the clients keep their connections open
