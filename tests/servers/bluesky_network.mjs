// The whole of Bluesky on loopback: identities, personal data server, and the AppView that shows posts to readers.
// `node bluesky_network.mjs PDS_PORT APPVIEW_PORT CONTROL_PORT`; DB_POSTGRES_URL, DB_POSTGRES_SCHEMA and REDIS_HOST name what it needs.
// Prints one line when all answer. GET CONTROL_PORT returns when everything written so far has been indexed, so that tests need no sleep.
import http from 'node:http'
import { TestNetwork, mockMailer } from '@atproto/dev-env'

const [pdsPort, appviewPort, controlPort] = process.argv.slice(2).map(Number)
const network = await TestNetwork.create({
  pds: { port: pdsPort, hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { dbPostgresSchema: 'bsky', port: appviewPort, publicUrl: `http://localhost:${appviewPort}` },
})
mockMailer(network.pds)
const control = http.createServer(async (_, answer) => {
  try {
    await network.processAll()
    answer.end('ok')
  } catch (error) {
    answer.statusCode = 500
    answer.end(String(error.stack))
  }
})
control.listen(controlPort, '127.0.0.1', () => console.log('ready'))
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await network.close()
    process.exit(0)
  })
}
