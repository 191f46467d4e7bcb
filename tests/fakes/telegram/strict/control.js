// What tests may do to the world: people who write and press, chats that change, faults, and a look at what happened.
'use strict';

const { readAll } = require('./body');

const actions = {
  chat: (world, order) => { world.addChat(order); return {}; },
  message: (world, order) => ({ update: world.say(order) }),
  press: (world, order) => ({ query: world.press(order) }),
  presses: (world, order) => ({ queries: order.presses.map((p) => world.press(p)) }), // all in one moment
  membership: (world, order) => { world.membership(order); return {}; },
  migrate: (world, order) => { world.migrate(order); return {}; },
  remove: (world, order) => { world.chats.get(order.chat).messages.delete(order.message_id); return {}; },
  update: (world, order) => ({ update: world.addUpdate(order.kind, order.content) }),
  next_update: (world, order) => { world.nextUpdate = order.id; return {}; },
  clock: (world, order) => { world.shift += order.advance * 1000; return { now: world.now() }; },
  fault: (world, order) => { world.faults.push(order); return {}; },
  no_faults: (world) => { world.faults = []; return {}; },
  revoke: (world, order) => { world.revoked = order.revoked !== false; return {}; },
  webhook: (world, order) => { world.webhook = order.url; return {}; },
  rates: (world, order) => { Object.assign(world.rates, order); return {}; },
};

/** The newest `last` of them, or all. */
const newest = (list, query) => (query.get('last') ? list.slice(-Number(query.get('last'))) : list);

const views = {
  calls: (world, query) => ({ calls: newest(world.calls.filter((c) => !query.get('method') || c.method === query.get('method')), query) }),
  toasts: (world, query) => ({ toasts: newest(world.toasts, query) }),
  messages: (world, query) => {
    const chat = world.chats.get(Number(query.get('chat')));
    return { messages: chat ? newest([...chat.messages.values()], query) : [] };
  },
  state: (world) => ({ waiting: world.waiting().length, polling: world.poll !== null, allowed: world.allowed, webhook: world.webhook }),
};

async function control(world, request, url) {
  const name = /^\/_control\/([a-z_]+)$/.exec(url.pathname);
  if (!name) throw new Error(`no such path: ${url.pathname}`);
  if (request.method === 'GET' && views[name[1]]) return views[name[1]](world, url.searchParams);
  if (request.method !== 'POST' || !actions[name[1]]) throw new Error(`no such control: ${request.method} ${name[1]}`);
  const body = await readAll(request);
  return actions[name[1]](world, body.length > 0 ? JSON.parse(body.toString()) : {});
}

module.exports = { control };
