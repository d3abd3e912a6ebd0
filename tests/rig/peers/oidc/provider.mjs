// A certified OpenID provider (npm: oidc-provider) that speaks like Pro Santé Connect.
// One line on stdin: {"issuer", "port", "redirect_uri", "person"}; "ready" on stdout once it listens.
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const line = await new Promise((resolve) => createInterface({ input: process.stdin }).once('line', resolve));
const { issuer, port, redirect_uri: redirectUri, person } = JSON.parse(line);

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'gateway',
    client_secret: 'secret of the tests: 100 %',
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [redirectUri.replace('/psc/retour', '')],
  }],
  acrValues: ['eidas1'],
  claims: { openid: ['sub'], scope_all: Object.keys(person), acr: null },
  scopes: ['openid', 'scope_all'],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    dPoP: { enabled: true },
    // Tokens for a resource (RFC 8707) are JWT: what software shows at /fhir.
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource) => ({
        scope: 'scope_all',
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 300,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  extraTokenClaims: (ctx, token) => (token.aud ? { acr: 'eidas1', ...person, sub: undefined } : undefined),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ ...person, sub: id }) }),
});

// Whoever comes is the one person of the test, authenticated at the level that was asked.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId: person.sub, clientId: params.client_id });
  grant.addOIDCScope('openid scope_all');
  if (params.resource) grant.addResourceScope(params.resource, 'scope_all');
  return provider.interactionFinished(ctx.req, ctx.res, {
    login: { accountId: person.sub, acr: 'eidas1' },
    consent: { grantId: await grant.save() },
  });
});

provider.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
