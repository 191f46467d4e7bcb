// Proves the strict fake with telegraf, another client that we did not write.  node prove_telegraf.js BASE_URL
'use strict';

const assert = require('assert');
const { Telegraf, Markup } = require('telegraf');

const base = process.argv[2];
const post = (path, body) => fetch(`${base}/_control/${path}`, { method: 'POST', body: JSON.stringify(body) });
const messages = async () => (await (await fetch(`${base}/_control/messages?chat=2002`)).json()).messages;
const until = async (what, condition) => {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never: ${what}`);
};

async function main() {
  await post('revoke', { revoked: false });
  await post('chat', { id: 2002 });
  const bot = new Telegraf('123456789:AAtelegraf', { telegram: { apiRoot: base } });
  bot.command('ask', (ctx) => ctx.reply('Reboot?', Markup.inlineKeyboard([Markup.button.callback('Reboot', 'r')])));
  bot.action('r', async (ctx) => {
    await ctx.answerCbQuery('working');
    await ctx.editMessageText('rebooted');
  });
  bot.launch();
  await post('message', { chat: 2002, from: { id: 9 }, text: '/ask' });
  await until('the question', async () => (await messages()).some((m) => m.text === 'Reboot?'));
  const question = (await messages()).find((m) => m.text === 'Reboot?');
  await post('press', { chat: 2002, message_id: question.message_id, from: { id: 9 }, label: 'Reboot' });
  await until('the edit', async () => (await messages()).some((m) => m.text === 'rebooted'));
  await assert.rejects(bot.telegram.sendMessage(3, 'x'), /chat not found/);
  bot.stop();
  console.log('telegraf is served well');
  process.exit(0);
}
main().catch((error) => { console.error(error); process.exit(1); });
