// Bluesky's own personal data server beside an in-memory directory of identities, on loopback: `node bluesky.mjs FOLDER PORT PLC_PORT PUBLIC_PORT`.
// Prints one line when both answer. Everything it writes lies in FOLDER.
import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'
import path from 'node:path'

const [folder, port, plcPort, publicPort] = process.argv.slice(2)
const require = createRequire(import.meta.url)
const { PDS, envToCfg, envToSecrets } = await import('@atproto/pds')
const { PlcServer, Database } = require('@did-plc/server')
const { Secp256k1Keypair } = await import('@atproto/crypto')

const plc = PlcServer.create({ db: Database.mock(), port: Number(plcPort) })
await plc.start()
const key = await Secp256k1Keypair.create({ exportable: true })
const env = {
  port: Number(port),
  hostname: 'localhost',
  devMode: true,
  inviteRequired: false,
  disableSsrfProtection: true,
  rateLimitsEnabled: process.env.PRIMUM_RATE_LIMITS === '1',
  dataDirectory: folder,
  blobstoreDiskLocation: path.join(folder, 'blobs'),
  didPlcUrl: `http://localhost:${plcPort}`,
  serviceHandleDomains: ['.test'],
  bskyAppViewUrl: 'http://localhost:9',
  bskyAppViewDid: 'did:example:none',
  jwtSecret: randomBytes(16).toString('hex'),
  adminPassword: randomBytes(16).toString('hex'),
  plcRotationKeyK256PrivateKeyHex: Buffer.from(await key.export()).toString('hex'),
}
const config = envToCfg(env)
config.service.publicUrl = `http://localhost:${publicPort}`
const pds = await PDS.create(config, envToSecrets(env))
await pds.start()
console.log('ready')
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await pds.destroy()
    await plc.destroy()
    process.exit(0)
  })
}
