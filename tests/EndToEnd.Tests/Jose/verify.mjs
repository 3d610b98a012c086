// Checks an access token as a service in another language would: node verify.mjs BASE TOKEN ALGORITHM
// Prints one line of JSON. Exits with 1 when something is not as RFC 7515, 7517, 7518, 7519, 7638 or 9068 has it.
import assert from 'node:assert/strict';
import * as jose from 'jose';

const [base, token, algorithm] = process.argv.slice(2);
const about = await (await fetch(new URL('/.well-known/openid-configuration', base))).json();
const keys = await (await fetch(about.jwks_uri)).json();
for (const key of keys.keys) {
  assert.equal(key.kid, await jose.calculateJwkThumbprint(key), 'the id is the thumbprint of RFC 7638');
  assert.equal(key.use, 'sig');
  assert.ok(!('d' in key), 'nothing private');
  assert.ok(about.access_token_signing_alg_values_supported.includes(key.alg));
}

const remote = jose.createRemoteJWKSet(new URL(about.jwks_uri));
const demands = { issuer: about.issuer, audience: 'gatehouse', typ: 'at+jwt', algorithms: [algorithm], clockTolerance: 5 };
const { payload, protectedHeader } = await jose.jwtVerify(token, remote, demands);
assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);

// And what it refuses: a changed claim, another audience.
const [header, claims, signature] = token.split('.');
const raised = jose.base64url.encode(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url')), role: 'admin' }));
await assert.rejects(jose.jwtVerify(`${header}.${raised}.${signature}`, remote, demands), jose.errors.JOSEError);
await assert.rejects(jose.jwtVerify(token, remote, { ...demands, audience: 'elsewhere' }), jose.errors.JOSEError);

// A token that jose makes by the same rules, with a key of its own, for us to refuse.
const own = await jose.generateKeyPair(algorithm);
const forged = await new jose.SignJWT(payload).setProtectedHeader(protectedHeader).sign(own.privateKey);
console.log(JSON.stringify({ sub: payload.sub, role: payload.role, kids: keys.keys.map((key) => key.kid), forged }));
