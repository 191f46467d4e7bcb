// What the fake server knows: chats, messages, updates that wait, and a clock that tests can move.
'use strict';

const BOT = { id: 4242, is_bot: true, first_name: 'Garita', username: 'garita_bot' };
const LIVES = { callback_query: 150, message: 86400, my_chat_member: 86400 }; // seconds, as the real server keeps them

class World {
  constructor() {
    this.shift = 0; // ms added to the real clock
    this.chats = new Map();
    this.users = new Map();
    this.updates = [];
    this.nextUpdate = 1;
    this.nextQuery = 1;
    this.allowed = null; // null: the server's default
    this.webhook = '';
    this.poll = null; // the getUpdates that waits
    this.queries = new Map(); // callback queries by id
    this.calls = [];
    this.toasts = [];
    this.faults = [];
    this.revoked = false;
    this.rates = { group: true, all: true };
    this.spoken = []; // {at, chat, edit} of the last minute
  }

  now() {
    return Date.now() + this.shift;
  }
  seconds() {
    return Math.floor(this.now() / 1000);
  }

  addChat({ id, type, title, topics }) {
    const kind = type || (id > 0 ? 'private' : 'group');
    this.chats.set(id, { id, type: kind, title: title || `chat ${id}`, topics: topics || null, messages: new Map(),
                         next: 1, gone: null, movedTo: null });
    return this.chats.get(id);
  }

  /** A chat as it is shown in messages. */
  shown(chat) {
    return chat.type === 'private' ? { id: chat.id, type: 'private', first_name: chat.title }
                                   : { id: chat.id, type: chat.type, title: chat.title };
  }

  addMessage(chat, fields) {
    const message = { message_id: chat.next++, date: this.seconds(), chat: this.shown(chat), ...fields };
    chat.messages.set(message.message_id, message);
    return message;
  }

  /** Queues an update and ends the poll that waits for it. */
  addUpdate(kind, content) {
    if (this.allowed && !this.allowed.includes(kind)) return null;
    const update = { update_id: this.nextUpdate++, [kind]: content };
    this.updates.push({ update, until: this.now() + LIVES[kind] * 1000 });
    if (this.poll) this.poll.wake();
    return update;
  }

  waiting() {
    const now = this.now();
    this.updates = this.updates.filter((u) => u.until > now);
    return this.updates.map((u) => u.update);
  }

  /** What is confirmed by asking for later ones is forgotten; a negative offset keeps only the last ones. */
  confirm(offset) {
    if (offset > 0) this.updates = this.updates.filter((u) => u.update.update_id >= offset);
    else if (offset < 0) this.updates = this.updates.slice(offset);
  }

  press({ chat: chatId, message_id: messageId, from, label, data }) {
    const chat = this.chats.get(chatId);
    const message = chat && chat.messages.get(messageId);
    let pressed = data;
    if (label !== undefined) {
      const rows = (message && message.reply_markup && message.reply_markup.inline_keyboard) || [];
      const button = rows.flat().find((b) => b.text === label);
      if (!button) throw new Error(`message ${messageId} of chat ${chatId} has no button "${label}"`);
      pressed = button.callback_data;
    }
    const id = String(this.nextQuery++ * 7919);
    this.queries.set(id, { at: this.now(), from: from.id, answered: false });
    this.addUpdate('callback_query', {
      id, from: { is_bot: false, first_name: `User ${from.id}`, ...from },
      message: message || { message_id: messageId, chat: chat ? this.shown(chat) : { id: chatId, type: 'group' }, date: 0 },
      chat_instance: '1', data: pressed,
    });
    return id;
  }

  say({ chat: chatId, from, text, thread, sender_chat: senderChat }) {
    const chat = this.chats.get(chatId) || this.addChat({ id: chatId });
    const fields = { from: { is_bot: false, first_name: `User ${from.id}`, ...from }, text };
    if (thread) Object.assign(fields, { message_thread_id: thread, is_topic_message: true });
    if (senderChat) fields.sender_chat = senderChat;
    const command = /^\/\S+/.exec(text);
    if (command) fields.entities = [{ type: 'bot_command', offset: 0, length: command[0].length }];
    return this.addUpdate('message', this.addMessage(chat, fields));
  }

  /** The bot is thrown out of a chat (or blocked by the person), or taken back. */
  membership({ chat: chatId, status, is_member: isMember, from, quiet }) {
    if (!['creator', 'administrator', 'member', 'restricted', 'left', 'kicked'].includes(status)) throw new Error(`no such status: ${status}`);
    if ((status === 'restricted') !== (isMember !== undefined)) throw new Error('is_member belongs to status restricted, and to no other');
    const chat = this.chats.get(chatId);
    if (!chat) throw new Error(`no such chat: ${chatId}`);
    const present = ['creator', 'administrator', 'member'].includes(status) || (status === 'restricted' && isMember);
    const gone = chat.type === 'private' ? 'Forbidden: bot was blocked by the user'
                                         : `Forbidden: bot was kicked from the ${chat.type === 'group' ? 'group' : 'supergroup'} chat`;
    chat.gone = present ? null : gone;
    if (!quiet)
      this.addUpdate('my_chat_member', { chat: this.shown(chat), from: { id: 1, is_bot: false, first_name: 'Admin', ...from }, date: this.seconds(),
        old_chat_member: { user: BOT, status: present ? 'left' : 'member' },
        new_chat_member: { user: BOT, status, ...(isMember === undefined ? {} : { is_member: isMember }) } });
  }

  /** A group becomes a supergroup: another id, and none of the old messages. */
  migrate({ chat: chatId, to, quiet }) {
    const chat = this.chats.get(chatId);
    chat.movedTo = to;
    const fresh = this.addChat({ id: to, type: 'supergroup', title: chat.title });
    if (quiet) return;
    this.addUpdate('message', this.addMessage(chat, { from: { id: 1, is_bot: false, first_name: 'Admin' }, migrate_to_chat_id: to }));
    this.addUpdate('message', this.addMessage(fresh, { from: { id: 1, is_bot: false, first_name: 'Admin' }, migrate_from_chat_id: chatId }));
  }

  /** Counts a message or edit; returns the seconds to wait when it is one too many. */
  tooFast(chat, edit) {
    const now = this.now();
    this.spoken = this.spoken.filter((s) => s.at > now - 60000);
    const lastSecond = this.spoken.filter((s) => s.at > now - 1000);
    if (this.rates.all && lastSecond.length >= 30) return 1;
    const same = this.spoken.filter((s) => s.chat === chat.id && s.edit === edit);
    if (this.rates.group && chat.id < 0 && same.length >= 20) return Math.ceil((same[same.length - 20].at + 60000 - now) / 1000);
    this.spoken.push({ at: now, chat: chat.id, edit });
    return 0;
  }

  /** The fault that the test ordered for this call, if any. */
  takeFault(method) {
    const index = this.faults.findIndex((f) => f.method === '*' || f.method === method);
    if (index < 0) return null;
    const fault = this.faults[index];
    if (fault.skip > 0) {
      fault.skip--;
      return null;
    }
    if (fault.times !== undefined && --fault.times <= 0) this.faults.splice(index, 1);
    return fault;
  }
}

module.exports = { World, BOT };
