// What an EventStoreDB was asked to record recorded.json, and the door is asked to compare with it:
// node recorded.mjs <connection string>. It prints an answer for each operation.
import * as ES from '@eventstore/db-client';
const {
  EventStoreDBClient,
  jsonEvent,
  binaryEvent,
  NO_STREAM,
  ANY,
  STREAM_EXISTS,
  BACKWARDS,
  START,
  END,
  streamNameFilter,
  eventTypeFilter,
  persistentSubscriptionToStreamSettingsFromDefaults,
  persistentSubscriptionToAllSettingsFromDefaults,
  PARK,
  RETRY,
  SKIP,
} = ES;
const url = process.argv[2];
let c = EventStoreDBClient.connectionString(url);
// What a step leaves behind, a subscription say, may fail after the step; its answer is known by then.
const left = () => {};
process.on('uncaughtException', left);
process.on('unhandledRejection', left);
const P = 'd';
const out = {};
const norm = (v) => JSON.parse(JSON.stringify(v, (k, x) => (typeof x === 'bigint' ? `${x}n` : x)));
const err = (e) => ({
  error: e.type || e.name,
  msg: String(e.message).slice(0, 160),
  ...(e.streamName !== undefined ? { streamName: e.streamName } : {}),
  ...(e.expectedVersion !== undefined ? { expected: String(e.expectedVersion) } : {}),
  ...(e.actualVersion !== undefined ? { actual: String(e.actualVersion) } : {}),
  ...(e.maxAppendSize ? { max: e.maxAppendSize } : {}),
});
async function step(name, f, ms = 20000) {
  let r;
  {
    const old = c;
    setTimeout(() => old.dispose?.().catch?.(left), 30000);
    c = EventStoreDBClient.connectionString(url);
  }
  try {
    r = await Promise.race([f(), new Promise((_, j) => setTimeout(() => j(Object.assign(new Error('timeout'), { type: 'TIMEOUT' })), ms))]);
    r = norm(r === undefined ? 'ok' : r);
  } catch (e) {
    r = err(e);
  }
  out[name] = r;
}
const ev = (t = 't', d = { a: 1 }, m) => jsonEvent({ type: t, data: d, metadata: m });
const app = (s, e, o) =>
  c.appendToStream(s, e, o).then((r) => ({ success: r.success, next: String(r.nextExpectedRevision), pos: !!r.position }));
const read = async (s, o) => {
  const l = [];
  for await (const e of c.readStream(s, o))
    l.push([e.event ? `${e.event.type}@${e.event.revision}` : null, e.link ? `${e.link.type}@${e.link.revision}` : null].join('<'));
  return l;
};
const S = (n) => `${P}-${n}`;
await step('append any new', () => app(S(1), [ev('a'), ev('b')], { expectedRevision: ANY }));
await step('append no-stream twice other ids', () => app(S(1), [ev()], { expectedRevision: NO_STREAM }));
await step('append wrong revision', () => app(S(1), [ev()], { expectedRevision: 7n }));
await step('append right revision', () => app(S(1), [ev('c')], { expectedRevision: 1n }));
await step('append stream-exists missing', () => app(S('missing'), [ev()], { expectedRevision: STREAM_EXISTS }));
await step('append empty to new', () => app(S('empty'), [], { expectedRevision: NO_STREAM }));
await step('append empty to existing', () => app(S(1), [], { expectedRevision: 2n }));
await step('append empty wrong', () => app(S(1), [], { expectedRevision: 9n }));
await step('append wrong, not thrown', async () => {
  const r = await c.appendToStream(S(1), [ev()], { expectedRevision: 9n, throwOnAppendFailure: false });
  return { success: r.success, next: String(r.nextExpectedRevision), pos: !!r.position };
});
const idem = [ev('i1'), ev('i2')];
await step('idempotent 1', () => app(S('i'), idem, { expectedRevision: NO_STREAM }));
await step('idempotent 2', () => app(S('i'), idem, { expectedRevision: NO_STREAM }));
await step('idempotent any', () => app(S('i'), idem, { expectedRevision: ANY }));
await step('idempotent first only', () => app(S('i'), [idem[0]], { expectedRevision: NO_STREAM }));
await step('idempotent second only any', () => app(S('i'), [idem[1]], { expectedRevision: ANY }));
await step('idempotent swapped', () => app(S('i'), [idem[1], idem[0]], { expectedRevision: NO_STREAM }));
await step('idempotent plus one', () => app(S('i'), [...idem, ev('i3')], { expectedRevision: NO_STREAM }));
await step('idempotent plus one any', () => app(S('i'), [...idem, ev('i3')], { expectedRevision: ANY }));
await step('same id twice in one append', async () => {
  const e = ev('dup');
  const r = await app(S('dup'), [e, e], { expectedRevision: ANY });
  return [r, await read(S('dup'))];
});
await step('read missing', () => read(S('none')));
await step('read fwd from 1', () => read(S(1), { fromRevision: 1n }));
await step('read fwd beyond', () => read(S(1), { fromRevision: 50n }));
await step('read back from end', () => read(S(1), { direction: BACKWARDS, fromRevision: END }));
await step('read back from 50', () => read(S(1), { direction: BACKWARDS, fromRevision: 50n }));
await step('read back from start', () => read(S(1), { direction: BACKWARDS, fromRevision: START }));
await step('read max 1', () => read(S(1), { maxCount: 1 }));
await step('read max 0', () => read(S(1), { maxCount: 0 }));
await step('binary', async () => {
  await c.appendToStream(S('bin'), [binaryEvent({ type: 'x', data: Buffer.from([0, 1, 255]), metadata: Buffer.from([9]) })]);
  for await (const e of c.readStream(S('bin')))
    return { json: e.event.isJson, d: Array.from(e.event.data), m: Array.from(e.event.metadata ?? []) };
});
await step('type empty', () => app(S('t'), [ev('')]));
await step('stream name empty', () => app('', [ev()]));
await step('stream $x', () => app('$x-' + P, [ev()]));
await step('stream $$x', () => app('$$x', [ev()]));
await step('type $y', () => app(S('ty'), [ev('$y')]));
await step('long name 300', () => app('l'.repeat(300), [ev()]));
await step('too large 2MB', () => app(S('big'), [ev('big', { x: 'y'.repeat(2 << 20) })]));
await step('1000 KB', () => app(S('big2'), [ev('big', { x: 'y'.repeat(1000 * 1024) })]));
// soft delete
await step('softdel setup', () => app(S('sd'), [ev('a'), ev('b'), ev('c')]));
await step('softdel wrong rev', () => c.deleteStream(S('sd'), { expectedRevision: 9n }).then((r) => ({ pos: !!r.position })));
await step('softdel', () => c.deleteStream(S('sd'), { expectedRevision: 2n }).then((r) => ({ pos: !!r.position })));
await step('softdel read', () => read(S('sd')));
await step('softdel again', () => c.deleteStream(S('sd')).then((r) => ({ pos: !!r.position })));
await step('softdel append stream-exists', () => app(S('sd'), [ev('x')], { expectedRevision: STREAM_EXISTS }));
await step('softdel append no-stream', () => app(S('sd'), [ev('d')], { expectedRevision: NO_STREAM }));
await step('softdel read after', () => read(S('sd')));
await step('softdel2 append at revision', async () => {
  await app(S('sd2'), [ev(), ev()]);
  await c.deleteStream(S('sd2'));
  return app(S('sd2'), [ev('n')], { expectedRevision: 1n });
});
await step('softdel3 append wrong revision', async () => {
  await app(S('sd3'), [ev(), ev()]);
  await c.deleteStream(S('sd3'));
  return app(S('sd3'), [ev('n')], { expectedRevision: 0n });
});
await step('softdel4 any', async () => {
  await app(S('sd4'), [ev(), ev()]);
  await c.deleteStream(S('sd4'));
  return [
    await app(S('sd4'), [ev('n')], { expectedRevision: ANY }),
    await read(S('sd4')),
    await read(S('sd4'), { direction: BACKWARDS, fromRevision: END }),
  ];
});
await step('softdel missing any', () => c.deleteStream(S('nevr')).then((r) => ({ pos: !!r.position })));
await step('softdel missing exists', () =>
  c.deleteStream(S('nevr2'), { expectedRevision: STREAM_EXISTS }).then((r) => ({ pos: !!r.position })),
);
await step('softdel missing no_stream', () =>
  c.deleteStream(S('nevr3'), { expectedRevision: NO_STREAM }).then((r) => ({ pos: !!r.position })),
);
await step('softdel then metadata', async () => {
  await app(S('sd5'), [ev()]);
  await c.deleteStream(S('sd5'));
  const m = await c.getStreamMetadata(S('sd5'));
  return m;
});
// tombstone
await step('tomb', async () => {
  await app(S('tb'), [ev()]);
  const r = await c.tombstoneStream(S('tb'), { expectedRevision: 0n });
  return { pos: !!r.position };
});
await step('tomb read', () => read(S('tb')));
await step('tomb append', () => app(S('tb'), [ev()], { expectedRevision: ANY }));
await step('tomb append nostream', () => app(S('tb'), [ev()], { expectedRevision: NO_STREAM }));
await step('tomb again', () => c.tombstoneStream(S('tb')).then((r) => ({ pos: !!r.position })));
await step('tomb delete', () => c.deleteStream(S('tb')).then((r) => ({ pos: !!r.position })));
await step('tomb missing', () => c.tombstoneStream(S('tbm')).then((r) => ({ pos: !!r.position })));
await step('tomb missing append', () => app(S('tbm'), [ev()]));
await step('tomb metadata get', () => c.getStreamMetadata(S('tb')));
await step('tomb metadata set', () =>
  c.setStreamMetadata(S('tb'), { maxCount: 2 }).then((r) => ({ next: String(r.nextExpectedRevision) })),
);
// metadata
await step('meta none', () => c.getStreamMetadata(S('m')));
await step('meta set', () =>
  c
    .setStreamMetadata(S('m'), {
      maxCount: 2,
      maxAge: 1000,
      cacheControl: 60,
      truncateBefore: 1,
      custom: { x: 1 },
      acl: { readRoles: ['$all'] },
    })
    .then((r) => ({ next: String(r.nextExpectedRevision) })),
);
await step('meta get', () => c.getStreamMetadata(S('m')).then((r) => ({ ...r })));
await step('meta set wrong rev', () =>
  c.setStreamMetadata(S('m'), { maxCount: 3 }, { expectedRevision: 5n }).then((r) => ({ next: String(r.nextExpectedRevision) })),
);
await step('maxCount', async () => {
  await c.setStreamMetadata(S('mc'), { maxCount: 2 });
  await app(S('mc'), [ev('a'), ev('b'), ev('c'), ev('d')]);
  return [
    await read(S('mc')),
    await read(S('mc'), { fromRevision: 0n }),
    await read(S('mc'), { direction: BACKWARDS, fromRevision: END }),
    await read(S('mc'), { direction: BACKWARDS, fromRevision: 1n }),
  ];
});
await step('truncateBefore', async () => {
  await app(S('tr'), [ev('a'), ev('b'), ev('c')]);
  await c.setStreamMetadata(S('tr'), { truncateBefore: 2 });
  return [await read(S('tr')), await read(S('tr'), { maxCount: 1 }), await app(S('tr'), [ev('d')], { expectedRevision: 2n })];
});
await step('truncate all', async () => {
  await app(S('ta'), [ev('a'), ev('b')]);
  await c.setStreamMetadata(S('ta'), { truncateBefore: 2 });
  return [
    await read(S('ta')),
    await app(S('ta'), [ev('n')], { expectedRevision: NO_STREAM }).catch(err),
    await app(S('ta'), [ev('n')], { expectedRevision: 1n }).catch(err),
  ];
});
await step('truncate 5 of 2', async () => {
  await app(S('tc'), [ev('a'), ev('b')]);
  await c.setStreamMetadata(S('tc'), { truncateBefore: 5 });
  return [await read(S('tc')), await app(S('tc'), [ev('n')], { expectedRevision: 1n }), await read(S('tc'))];
});
await step('meta stream read', () => read('$$' + S('m')));
// links
await step('links', async () => {
  await app(S('lk'), [
    jsonEvent({ type: '$>', data: `1@${S(1)}` }),
    jsonEvent({ type: '$>', data: `99@${S(1)}` }),
    jsonEvent({ type: '$>', data: `0@${S('tb')}` }),
    jsonEvent({ type: '$>', data: `0@${S('none')}` }),
  ]);
  return [await read(S('lk')), await read(S('lk'), { resolveLinkTos: true })];
});
// $all
const all = async (o) => {
  const l = [];
  for await (const e of c.readAll(o))
    if (e.event && e.event.streamId.startsWith(P + '-')) l.push(e.event.type + '@' + e.event.streamId + '@' + e.event.revision);
  return l;
};
await step('all fwd 40 ours', async () => (await all({ fromPosition: START })).slice(0, 40));
await step('all back 10 ours', async () => (await all({ direction: BACKWARDS, fromPosition: END })).slice(0, 10));
await step('all back from start', () => all({ direction: BACKWARDS, fromPosition: START }));
await step('all fwd from end', () => all({ fromPosition: END }));
await step('all invalid position', async () => {
  for await (const e of c.readAll({ fromPosition: { commit: 3n, prepare: 3n } })) return 'something';
  return 'nothing';
});
await step('all beyond end', async () => {
  for await (const e of c.readAll({ fromPosition: { commit: 99999999999n, prepare: 99999999999n } })) return 'something';
  return 'nothing';
});
await step('all filter', async () => {
  const l = [];
  for await (const e of c.readAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [S('sd')] }) })) l.push(e.event.streamId);
  return l;
});
// subscriptions
const take = (sub, n, ms = 2500) =>
  new Promise((res) => {
    const l = [];
    const t = setTimeout(() => {
      sub.unsubscribe();
      res(l);
    }, ms);
    sub.on('data', (e) => {
      l.push(e.event ? `${e.event.type}@${e.event.revision}` : 'null');
      if (l.length >= n) {
        clearTimeout(t);
        sub.unsubscribe();
        res(l);
      }
    });
    sub.on('error', (e) => {
      l.push('E:' + (e.type || e.name) + ':' + String(e.message).slice(0, 80));
      clearTimeout(t);
      res(l);
    });
    sub.on('caughtUp', () => l.push('caughtUp'));
  });
await step('sub stream start', () => take(c.subscribeToStream(S(1)), 9, 1200));
await step('sub stream from 1', () => take(c.subscribeToStream(S(1), { fromRevision: 1n }), 9, 1200));
await step('sub stream end then append', async () => {
  const p = take(c.subscribeToStream(S(1), { fromRevision: END }), 9, 1500);
  setTimeout(() => app(S(1), [ev('live')]), 500);
  return p;
});
await step('sub missing then append', async () => {
  const p = take(c.subscribeToStream(S('later')), 9, 1500);
  setTimeout(() => app(S('later'), [ev('l0')]), 500);
  return p;
});
await step('sub tombstoned', () => take(c.subscribeToStream(S('tb')), 9, 1200));
await step('sub soft deleted', () => take(c.subscribeToStream(S('sd5')), 9, 1200));
await step('sub then tombstone', async () => {
  await app(S('st'), [ev('a')]);
  const p = take(c.subscribeToStream(S('st')), 9, 1800);
  setTimeout(() => c.tombstoneStream(S('st')), 500);
  return p;
});
await step('sub then softdelete then append', async () => {
  await app(S('ss'), [ev('a')]);
  const p = take(c.subscribeToStream(S('ss')), 9, 2200);
  setTimeout(async () => {
    await c.deleteStream(S('ss'));
    await app(S('ss'), [ev('b')]);
  }, 500);
  return p;
});
await step('sub maxcount', () => take(c.subscribeToStream(S('mc')), 9, 1200));
await step('sub from beyond', () => take(c.subscribeToStream(S(1), { fromRevision: 500n }), 9, 1200));
await step('sub all invalid pos', () =>
  take(c.subscribeToAll({ fromPosition: { commit: 3n, prepare: 3n } }), 1, 1500).then((l) =>
    l.map((x) => (x.startsWith('E:') ? x : 'event')),
  ),
);
await step('sub all beyond', () =>
  take(c.subscribeToAll({ fromPosition: { commit: 99999999999n, prepare: 99999999999n } }), 1, 1500).then((l) =>
    l.map((x) => (x.startsWith('E:') ? x : 'event/' + x)),
  ),
);
await step('sub all filter', () => take(c.subscribeToAll({ filter: streamNameFilter({ prefixes: [S('i')] }) }), 9, 1500));
await step('sub all checkpoints', async () => {
  let n = 0;
  const sub = c.subscribeToAll({
    filter: eventTypeFilter({
      prefixes: ['zzz'],
      checkpointInterval: 1,
      maxSearchWindow: 32,
      checkpointReached: async () => {
        n++;
      },
    }),
  });
  await take(sub, 1, 1500);
  return n > 0;
});
// persistent
const ps = async (name, stream, set, handler, ms = 2500, sub = {}) => {
  await c.createPersistentSubscriptionToStream(
    stream,
    name,
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...set }),
  );
  const s = c.subscribeToPersistentSubscriptionToStream(stream, name, sub);
  const l = [];
  return new Promise((res) => {
    setTimeout(async () => {
      try {
        await s.unsubscribe();
      } catch {}
      res(l);
    }, ms);
    s.on('data', async (e) => {
      l.push(`${e.event?.type}@${e.event?.revision}#${e.retryCount}`);
      try {
        await handler(s, e, l);
      } catch (x) {
        l.push(String(x));
      }
    });
    s.on('error', (e) => l.push('E:' + (e.type || e.name)));
  });
};
await step('setup p', async () => {
  for (let i = 0; i < 5; i++) await app(S('p'), [ev('p' + i)]);
});
await step('ps ack all', () => ps('g1', S('p'), {}, (s, e) => s.ack(e), 1500));
await step('ps create twice', () =>
  c.createPersistentSubscriptionToStream(S('p'), 'g1', persistentSubscriptionToStreamSettingsFromDefaults()),
);
await step('ps nack retry max2', () =>
  ps(
    'g2',
    S('p'),
    { maxRetryCount: 2, bufferSize: 10, readBatchSize: 5, historyBufferSize: 10 },
    (s, e) => (e.event.type === 'p1' ? s.nack(RETRY, 'x', e) : s.ack(e)),
    2500,
  ),
);
await step('ps parked read', () => read(`$persistentsubscription-${S('p')}::g2-parked`, { resolveLinkTos: true }));
await step('ps info', async () => {
  const i = await c.getPersistentSubscriptionToStreamInfo(S('p'), 'g2');
  return {
    status: i.status,
    parked: String(i.stats.parkedMessageCount),
    group: i.groupName,
    src: i.eventSource,
    lastAck: String(i.stats.lastCheckpointedEventRevision),
    lk: String(i.stats.lastKnownEventRevision),
    total: String(i.stats.totalItems),
  };
});
await step('ps replay', async () => {
  const s = c.subscribeToPersistentSubscriptionToStream(S('p'), 'g2');
  const l = [];
  s.on('data', (e) => {
    l.push(`${e.event?.type}#${e.retryCount}`);
    s.ack(e);
  });
  await new Promise((r) => setTimeout(r, 500));
  await c.replayParkedMessagesToStream(S('p'), 'g2');
  await new Promise((r) => setTimeout(r, 1200));
  await s.unsubscribe();
  return l;
});
await step('ps park', () => ps('g3', S('p'), {}, (s, e) => (e.event.type === 'p2' ? s.nack(PARK, 'because', e) : s.ack(e)), 1500));
await step('ps skip', () => ps('g4', S('p'), {}, (s, e) => (e.event.type === 'p2' ? s.nack(SKIP, 'because', e) : s.ack(e)), 1500));
await step('ps never ack, timeout 500ms', () =>
  ps(
    'g5',
    S('p'),
    { messageTimeout: 500, maxRetryCount: 1 },
    (s, e) => {
      if (e.event.type !== 'p0') return s.ack(e);
    },
    3500,
  ),
);
await step('ps buffer 2', () => ps('g6', S('p'), {}, (s, e) => {}, 1000, { bufferSize: 2 }));
await step('ps missing group', async () => {
  const s = c.subscribeToPersistentSubscriptionToStream(S('p'), 'nog');
  return take(s, 1, 1500);
});
await step('ps delete missing', () => c.deletePersistentSubscriptionToStream(S('p'), 'nog'));
await step('ps update missing', () =>
  c.updatePersistentSubscriptionToStream(S('p'), 'nog', persistentSubscriptionToStreamSettingsFromDefaults()),
);
await step('ps update', () =>
  c.updatePersistentSubscriptionToStream(S('p'), 'g6', persistentSubscriptionToStreamSettingsFromDefaults({ maxRetryCount: 3 })),
);
await step('ps info missing', () => c.getPersistentSubscriptionToStreamInfo(S('p'), 'nog'));
await step('ps max subscribers', async () => {
  await c.createPersistentSubscriptionToStream(S('p'), 'g7', persistentSubscriptionToStreamSettingsFromDefaults({ maxSubscriberCount: 1 }));
  const a = c.subscribeToPersistentSubscriptionToStream(S('p'), 'g7');
  a.on('data', () => {});
  a.on('error', () => {});
  await new Promise((r) => setTimeout(r, 400));
  const b = c.subscribeToPersistentSubscriptionToStream(S('p'), 'g7');
  const r = await take(b, 1, 1200);
  await a.unsubscribe();
  return r;
});
await step('ps delete while subscribed', async () => {
  await c.createPersistentSubscriptionToStream(S('p'), 'g8', persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: END }));
  const a = c.subscribeToPersistentSubscriptionToStream(S('p'), 'g8');
  const p = take(a, 1, 2000);
  await new Promise((r) => setTimeout(r, 400));
  await c.deletePersistentSubscriptionToStream(S('p'), 'g8');
  return p;
});
await step('ps restart from checkpoint', async () => {
  const l = [];
  await c.createPersistentSubscriptionToStream(
    S('p'),
    'g9',
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, checkPointLowerBound: 1, checkPointAfter: 100 }),
  );
  const a = c.subscribeToPersistentSubscriptionToStream(S('p'), 'g9');
  a.on('data', async (e) => {
    l.push(e.event.type);
    if (l.length <= 3) await a.ack(e);
  });
  a.on('error', () => {});
  await new Promise((r) => setTimeout(r, 1200));
  await a.unsubscribe();
  l.push('|');
  const b = c.subscribeToPersistentSubscriptionToStream(S('p'), 'g9');
  b.on('data', async (e) => {
    l.push(e.event.type);
    await b.ack(e);
  });
  b.on('error', () => {});
  await new Promise((r) => setTimeout(r, 1200));
  await b.unsubscribe();
  return l;
});
await step('ps all filter', async () => {
  await c.createPersistentSubscriptionToAll('ga', persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START }), {
    filter: streamNameFilter({ prefixes: [S('p')] }),
  });
  const s = c.subscribeToPersistentSubscriptionToAll('ga');
  const l = [];
  s.on('data', (e) => {
    l.push(e.event.type);
    s.ack(e);
  });
  s.on('error', (e) => l.push('E:' + (e.type || e.name)));
  await new Promise((r) => setTimeout(r, 1800));
  await s.unsubscribe();
  return l;
});
await step('ps list', async () =>
  (await c.listAllPersistentSubscriptions())
    .map((i) => `${i.eventSource}::${i.groupName}`)
    .filter((x) => x.includes(P) || x.includes('ga'))
    .sort(),
);
await step('restart persistent', () => c.restartPersistentSubscriptionSubsystem());
await step('projection list', async () => {
  return (await c.listProjections()).length;
});
console.log(JSON.stringify(out, null, 1));
process.exit(0);
