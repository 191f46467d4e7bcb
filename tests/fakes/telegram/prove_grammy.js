// Proves the strict fake with grammY, a client that we did not write.  node prove_grammy.js BASE_URL
'use strict';

const assert = require('assert');
const { Bot, InlineKeyboard, InputFile, GrammyError } = require('grammy');

const base = process.argv[2];
const post = async (path, body) => {
  const answer = await fetch(`${base}/_control/${path}`, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`);
  return answer.json();
};
const get = async (path) => (await fetch(`${base}/_control/${path}`)).json();
const until = async (what, condition) => {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never: ${what}`);
};
const refused = async (code, pattern, call) => {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof GrammyError, String(error));
    assert.equal(error.error_code, code);
    assert.match(error.description, pattern);
    return error;
  }
  throw new Error(`not refused: ${pattern}`);
};

async function main() {
  const bot = new Bot('123456789:AAgrammy', { client: { apiRoot: base } });
  bot.command('start', (ctx) => ctx.reply('Allow?', { reply_markup: new InlineKeyboard().text('Allow', 't1').text('Block', 't2') }));
  bot.on('callback_query:data', async (ctx) => {
    await ctx.answerCallbackQuery({ text: `heard ${ctx.callbackQuery.data}` });
    await ctx.editMessageText(`decided ${ctx.callbackQuery.data}`);
  });
  let conflict = null;
  bot.catch((error) => { throw error; });
  await post('chat', { id: 1001 });
  const running = bot.start({ allowed_updates: ['message', 'callback_query'] }).catch((error) => { conflict = error; });

  await post('message', { chat: 1001, from: { id: 77 }, text: '/start' });
  await until('the question', async () => (await get('messages?chat=1001')).messages.some((m) => m.text === 'Allow?'));
  const question = (await get('messages?chat=1001')).messages.find((m) => m.text === 'Allow?');
  await post('press', { chat: 1001, message_id: question.message_id, from: { id: 77 }, label: 'Block' });
  await until('the edit', async () => (await get('messages?chat=1001')).messages.some((m) => m.text === 'decided t2' && !m.reply_markup));
  assert.equal((await get('toasts')).toasts[0].text, 'heard t2');
  const polls = (await get('calls?method=getUpdates')).calls.length;
  assert.ok(polls <= 6, `${polls} polls: the server does not wait`);

  const { api } = bot;
  await refused(400, /BUTTON_DATA_INVALID/, () => api.sendMessage(1001, 'x', { reply_markup: new InlineKeyboard().text('a', 'ж'.repeat(33)) }));
  await refused(400, /too long/, () => api.sendMessage(1001, 'x'.repeat(4097)));
  await api.sendMessage(1001, '😀'.repeat(2048));
  await refused(400, /chat not found/, () => api.sendMessage(5, 'x'));
  await refused(400, /not modified/, () => api.editMessageText(1001, question.message_id, 'decided t2'));
  await refused(400, /unknown field/, () => api.raw.sendMessage({ chat_id: 1001, txt: 'x', text: 'y' }));
  await refused(400, /query is too old/, () => api.answerCallbackQuery('12345'));
  await refused(400, /can't parse entities/, () => api.sendMessage(1001, '<c>', { parse_mode: 'HTML' }));
  const file = await api.sendDocument(1001, new InputFile(Buffer.from('log of the request'), 'request.log')); // multipart
  assert.equal(file.document.file_size, 18);

  await post('chat', { id: -5 });
  for (let i = 0; i < 20; i++) await api.sendMessage(-5, `${i}`);
  assert.ok((await refused(429, /retry after/, () => api.sendMessage(-5, 'x'))).parameters.retry_after > 0);
  await post('clock', { advance: 61 });
  await api.sendMessage(-5, 'again');
  await post('migrate', { chat: -5, to: -100500, quiet: true });
  assert.equal((await refused(400, /upgraded/, () => api.sendMessage(-5, 'x'))).parameters.migrate_to_chat_id, -100500);
  await post('membership', { chat: -100500, status: 'kicked' });
  await refused(403, /kicked/, () => api.sendMessage(-100500, 'x'));

  await bot.stop();
  await running;
  assert.equal(conflict, null);
  await post('press', { chat: 1001, message_id: question.message_id, from: { id: 77 }, data: 'late' });
  assert.equal((await get('state')).waiting, 1);
  await post('clock', { advance: 151 });
  assert.equal((await get('state')).waiting, 0, 'a press dies after 150 s');

  const first = api.getUpdates({ timeout: 20 });
  const ended = refused(409, /terminated by other/, () => first);
  await until('the poll', async () => (await get('state')).polling);
  await api.getUpdates({ timeout: 0 });
  await ended;
  await post('revoke', {});
  await refused(401, /Unauthorized/, () => api.getMe());
  console.log('grammY is served well');
  process.exit(0);
}
main().catch((error) => { console.error(error); process.exit(1); });
