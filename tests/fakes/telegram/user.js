// A person in a chat, by the client of npm's telegram-test-api; prints what comes of it as JSON.
// NODE_PATH=…/node_modules node user.js URL TOKEN CHAT PERSON updates | history | say TEXT | press MESSAGE DATA
const { TelegramClient } = require('telegram-test-api/lib/modules/telegramClient');

const [url, token, chat, person, action, ...words] = process.argv.slice(2);
const client = new TelegramClient(url, token, { chatId: Number(chat), userId: Number(person), timeout: 15000 });

const actions = {
  updates: () => client.getUpdates(),
  history: () => client.getUpdatesHistory(),
  say: (text) => client.sendCommand(client.makeCommand(text)),
  press: (message, data) => client.sendCallback(client.makeCallbackQuery(data, { message: { message_id: Number(message) } })),
};

actions[action](...words).then(
  (result) => console.log(JSON.stringify(result)),
  (error) => { console.error(error.message); process.exit(1); },
);
