// The Bot API's methods, as far as Garita and the clients that prove this server need them.
'use strict';

const { BOT } = require('./world');
const { Refusal, bad, integer, structure, only, checkText, checkKeyboard } = require('./check');

const UPDATE_KINDS = ['message', 'edited_message', 'channel_post', 'edited_channel_post', 'callback_query', 'inline_query', 'chosen_inline_result',
  'my_chat_member', 'chat_member', 'chat_join_request', 'message_reaction', 'message_reaction_count', 'poll', 'poll_answer', 'shipping_query', 'pre_checkout_query'];

/** The chat, if the bot may speak there now. */
function speakingTo(world, parameters, edit) {
  const id = integer(parameters, 'chat_id');
  if (id === undefined) throw bad('chat_id is empty');
  const chat = world.chats.get(id);
  if (!chat) throw bad('chat not found');
  if (chat.movedTo) throw new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.movedTo });
  if (chat.gone) throw new Refusal(403, chat.gone);
  const wait = world.tooFast(chat, edit);
  if (wait > 0) throw new Refusal(429, `Too Many Requests: retry after ${wait}`, { retry_after: wait });
  return chat;
}

function ownMessage(world, parameters, edit) {
  const chat = speakingTo(world, parameters, edit);
  const message = chat.messages.get(integer(parameters, 'message_id'));
  if (!message) throw bad('message to edit not found');
  if (!message.from || message.from.id !== BOT.id) throw bad("message can't be edited");
  return message;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

async function getUpdates(world, parameters, connection) {
  only(parameters, ['offset', 'limit', 'timeout', 'allowed_updates'], 'getUpdates');
  if (world.webhook) throw new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
  const offset = integer(parameters, 'offset', 0);
  const limit = Math.min(Math.max(integer(parameters, 'limit', 100), 1), 100);
  const timeout = Math.min(Math.max(integer(parameters, 'timeout', 0), 0), 50);
  const allowed = structure(parameters, 'allowed_updates');
  if (allowed !== undefined) {
    if (!Array.isArray(allowed) || !allowed.every((kind) => UPDATE_KINDS.includes(kind))) throw bad("can't parse allowed updates");
    world.allowed = allowed.length > 0 ? allowed : null; // remembered for later calls that do not say it
  }
  if (world.poll) world.poll.fail(new Refusal(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'));
  world.confirm(offset);
  if (world.waiting().length === 0 && timeout > 0) await waitForUpdate(world, timeout, connection);
  return world.waiting().slice(0, limit);
}

function waitForUpdate(world, timeout, connection) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => poll.wake(), timeout * 1000);
    const done = () => {
      clearTimeout(timer);
      if (world.poll === poll) world.poll = null;
    };
    const poll = { wake: () => { done(); resolve(); }, fail: (error) => { done(); reject(error); } };
    world.poll = poll;
    connection.once('close', () => poll.wake());
  });
}

function sendMessage(world, parameters) {
  only(parameters, ['chat_id', 'message_thread_id', 'text', 'parse_mode', 'entities', 'link_preview_options', 'disable_notification',
    'protect_content', 'reply_markup', 'reply_parameters', 'allow_paid_broadcast', 'message_effect_id', 'business_connection_id'], 'sendMessage');
  const { text, entities } = checkText(parameters);
  const markup = checkKeyboard(parameters);
  const chat = speakingTo(world, parameters, false);
  const thread = integer(parameters, 'message_thread_id');
  if (thread !== undefined && !(chat.topics && chat.topics.includes(thread))) throw bad('message thread not found');
  const fields = { from: BOT, text };
  if (entities && entities.length > 0) fields.entities = entities;
  if (thread !== undefined) Object.assign(fields, { message_thread_id: thread, is_topic_message: true });
  if (markup && markup.inline_keyboard.length > 0) fields.reply_markup = markup;
  return world.addMessage(chat, fields);
}

function editMessageText(world, parameters) {
  only(parameters, ['chat_id', 'message_id', 'inline_message_id', 'text', 'parse_mode', 'entities', 'link_preview_options', 'reply_markup',
    'business_connection_id'], 'editMessageText');
  const { text, entities } = checkText(parameters);
  const markup = checkKeyboard(parameters);
  const message = ownMessage(world, parameters, true);
  const keyboard = markup && markup.inline_keyboard.length > 0 ? markup : undefined; // without one the old one goes
  if (message.text === text && same(message.entities || [], entities || []) && same(message.reply_markup, keyboard))
    throw bad('message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message');
  message.text = text;
  message.entities = entities;
  message.reply_markup = keyboard;
  message.edit_date = world.seconds();
  return message;
}

function editMessageReplyMarkup(world, parameters) {
  only(parameters, ['chat_id', 'message_id', 'inline_message_id', 'reply_markup', 'business_connection_id'], 'editMessageReplyMarkup');
  const markup = checkKeyboard(parameters);
  const message = ownMessage(world, parameters, true);
  if (same(message.reply_markup, markup)) throw bad('message is not modified');
  message.reply_markup = markup;
  return message;
}

function answerCallbackQuery(world, parameters) {
  only(parameters, ['callback_query_id', 'text', 'show_alert', 'url', 'cache_time'], 'answerCallbackQuery');
  const query = world.queries.get(parameters.callback_query_id);
  if (typeof parameters.text === 'string' && parameters.text.length > 200) throw bad('MESSAGE_TOO_LONG');
  if (!query || world.now() - query.at > 150000) throw bad('query is too old and response timeout expired or query ID is invalid');
  if (!query.answered) world.toasts.push({ query: parameters.callback_query_id, to: query.from, text: parameters.text || '', at: world.now() });
  query.answered = true; // a second answer is taken, but nobody sees it
  return true;
}

const MEDIA_FIELDS = ['chat_id', 'message_thread_id', 'disable_notification', 'protect_content', 'reply_markup', 'reply_parameters',
  'allow_paid_broadcast', 'message_effect_id', 'business_connection_id'];
const OWN_FIELDS = { animation: ['animation', 'duration', 'width', 'height', 'thumbnail', 'caption', 'parse_mode', 'caption_entities', 'has_spoiler'],
                     sticker: ['sticker', 'emoji'] };

/** By URL, which the server would fetch, or by an id of a file, which tells what it is: "CgA…" an animation, "CAA…" a sticker. */
function sendMedia(world, parameters, kind) {
  only(parameters, [...MEDIA_FIELDS, ...OWN_FIELDS[kind]], kind === 'sticker' ? 'sendSticker' : 'sendAnimation');
  const what = parameters[kind];
  if (typeof what !== 'string' || what === '') throw bad(`there is no ${kind} in the request`);
  const chat = speakingTo(world, parameters, false);
  const thread = integer(parameters, 'message_thread_id');
  if (thread !== undefined && !(chat.topics && chat.topics.includes(thread))) throw bad('message thread not found');
  if (/^https?:\/\//.test(what)) {
    const kinds = kind === 'sticker' ? /\.(webp|tgs|webm)$/ : /\.(gif|mp4)$/;
    if (!kinds.test(new URL(what).pathname)) throw bad('wrong type of the web page content');
  } else if (!/^[A-Za-z0-9_-]{20,}$/.test(what)) {
    throw bad('wrong file identifier/HTTP URL specified');
  } else if (!what.startsWith(kind === 'sticker' ? 'CAA' : 'CgA')) {
    throw bad(`can't use file of type ${kind === 'sticker' ? 'Animation as Sticker' : 'Sticker as Animation'}`);
  }
  const fields = { from: BOT, [kind]: { file_id: what } };
  if (thread !== undefined) Object.assign(fields, { message_thread_id: thread, is_topic_message: true });
  return world.addMessage(chat, fields);
}

const methods = {
  getUpdates, sendMessage, editMessageText, editMessageReplyMarkup, answerCallbackQuery,
  getMe: () => ({ ...BOT, can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false }),
  setWebhook: (world, parameters) => { world.webhook = parameters.url || ''; return true; },
  deleteWebhook: (world, parameters) => {
    only(parameters, ['drop_pending_updates'], 'deleteWebhook');
    world.webhook = '';
    if (String(parameters.drop_pending_updates) === 'true') world.updates = [];
    return true;
  },
  getWebhookInfo: (world) => ({ url: world.webhook, has_custom_certificate: false, pending_update_count: world.waiting().length }),
  setMyCommands: (world, parameters) => {
    const commands = structure(parameters, 'commands');
    if (!Array.isArray(commands) || commands.length > 100) throw bad('commands must be a list of at most 100');
    for (const c of commands) if (!/^[a-z0-9_]{1,32}$/.test(c.command)) throw bad('BOT_COMMAND_INVALID');
    return true;
  },
  getChat: (world, parameters) => {
    const chat = world.chats.get(integer(parameters, 'chat_id'));
    if (!chat) throw bad('chat not found');
    return world.shown(chat);
  },
  deleteMessage: (world, parameters) => {
    const message = speakingTo(world, parameters, false).messages.get(integer(parameters, 'message_id'));
    if (!message) throw bad('message to delete not found');
    const own = message.from && message.from.id === BOT.id; // what others wrote, only where nobody else reads
    if (!own && message.chat.type !== 'private') throw bad("message can't be deleted");
    if (world.seconds() - message.date > 48 * 3600) throw bad("message can't be deleted");
    world.chats.get(message.chat.id).messages.delete(message.message_id);
    return true;
  },
  sendAnimation: (world, parameters) => sendMedia(world, parameters, 'animation'),
  sendSticker: (world, parameters) => sendMedia(world, parameters, 'sticker'),
  sendDocument: (world, parameters) => {
    const attached = /^attach:\/\/(.+)$/.exec(parameters.document); // a part of another name
    const document = attached ? parameters[attached[1]] : parameters.document;
    if (document === undefined) throw bad('there is no document in the request');
    const chat = speakingTo(world, parameters, false);
    const file = typeof document === 'object' ? { file_name: document.filename, file_size: document.size } : { file_id: document };
    return world.addMessage(chat, { from: BOT, document: file, caption: parameters.caption });
  },
};

module.exports = { methods };
