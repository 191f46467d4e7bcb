// npm's telegram-test-api as a program: a lax server that never waits and checks little.
// NODE_PATH=…/node_modules node lax.js PORT_FILE     writes its port there when it is ready
const fs = require('fs');
const net = require('net');
const TelegramServer = require('telegram-test-api');

// the library does not tell the port that it got for 0
const probe = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address();
  probe.close(async () => {
    const server = new TelegramServer({ port, host: '127.0.0.1', storeTimeout: 3600 });
    await server.start();
    fs.writeFileSync(`${process.argv[2]}.new`, `${port}`);
    fs.renameSync(`${process.argv[2]}.new`, process.argv[2]);
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
  });
});
