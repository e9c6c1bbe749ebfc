import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { Refusal } from '../../desk/refusal.ts';
import { addresses } from '../../pages/addresses.ts';
import { MyDeviceLinkPage } from '../../pages/my-device/link.tsx';
import { FaultPage, NotFoundPage, RefusedPage } from '../../pages/problem.tsx';
import { HttpProblem } from '../../problem.ts';
import { accountRoutes } from './account.ts';
import { accountSecondFactorRoutes } from './account-second-factor.ts';
import { type AlertOptions, alertRoutes } from './alerts.ts';
import { assetRoutes } from './assets.ts';
import { attestationPages } from './attestations/index.ts';
import { auditRoutes } from './audit/audit.ts';
import { checkRoutes } from './checks.ts';
import { clausePages } from './clauses/index.ts';
import { deliveryRoutes } from './deliveries.ts';
import { deviceRoutes } from './device.ts';
import { deviceStandingRoutes } from './device-standing.ts';
import { historyRoutes } from './history.ts';
import { myDeviceRoutes } from './my-device.ts';
import { newOrganizationRoutes } from './new-organization.ts';
import { newWaiverRoutes } from './new-waiver.ts';
import { organizationRoutes } from './organization.ts';
import { apiTokenRoutes } from './people/api-tokens.ts';
import { peopleRoutes } from './people/people.ts';
import { personRoutes } from './people/person.ts';
import { policyPageRoutes } from './policy.ts';
import { policyDraftRoutes } from './policy-draft.ts';
import { type PublishOptions, policyPublishRoutes } from './policy-publish.ts';
import { privacyRoutes } from './privacy/index.ts';
import type { PrivacyOptions } from './privacy/people.ts';
import { registerRoutes } from './registers/index.ts';
import { reportPageRoutes } from './reports.ts';
import { secondFactorRoutes } from './second-factor.ts';
import { sendPage } from './send-page.ts';
import { signInRoutes } from './sign-in.ts';
import { signInPasskeyRoutes } from './sign-in-passkey.ts';
import { singleSignOnRoutes } from './single-sign-on.ts';
import { todayRoutes } from './today.ts';
import { waiverRoutes } from './waivers.ts';

/** Does this request want a page, as browsers do? */
export function wantsPage(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/html') && !request.url.startsWith('/api/');
}

/** The answer for a person who followed a link into nowhere. */
export function sendNotFound(reply: FastifyReply): FastifyReply {
  return sendPage(reply.code(404), NotFoundPage, {});
}

/** Everything people see in a browser. Problems are told in words, on a page. */
export const pageRoutes: FastifyPluginAsyncZod<AlertOptions & PrivacyOptions & PublishOptions> = async (
  app,
  options,
) => {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(error, request, reply));
  await (app as unknown as FastifyInstance).register(assetRoutes);
  await app.register(signInRoutes, options);
  await app.register(secondFactorRoutes, options);
  await app.register(signInPasskeyRoutes, options);
  await app.register(singleSignOnRoutes, options);
  await app.register(accountRoutes, options);
  await app.register(accountSecondFactorRoutes, options);
  await app.register(todayRoutes, options);
  await app.register(newOrganizationRoutes, options);
  await app.register(organizationRoutes, options);
  await app.register(checkRoutes, options);
  await app.register(clausePages, options);
  await app.register(attestationPages, options);
  await app.register(deviceRoutes, options);
  await app.register(deviceStandingRoutes, options);
  await app.register(historyRoutes, options);
  await app.register(reportPageRoutes, options);
  await app.register(registerRoutes, options);
  await app.register(privacyRoutes, options);
  await app.register(policyPageRoutes, options);
  await app.register(newWaiverRoutes, options);
  await app.register(waiverRoutes, options);
  await app.register(peopleRoutes, options);
  await app.register(personRoutes, options);
  await app.register(apiTokenRoutes, options);
  await app.register(auditRoutes, options);
  await app.register(myDeviceRoutes, options);
  await app.register(policyDraftRoutes, options);
  await app.register(policyPublishRoutes, options);
  await app.register(alertRoutes, options);
  await app.register(deliveryRoutes, options);
};

function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const type = error instanceof HttpProblem ? error.type : undefined;
  const status = error instanceof HttpProblem ? error.status : (error.statusCode ?? 500);
  if (type === 'not-signed-in' && request.routeOptions.config.caller === 'my-device') {
    return sendPage(reply.code(401), MyDeviceLinkPage, {
      problem: 'This page is closed, or its time is over.',
    });
  }
  if (type === 'not-signed-in') return sendToSignIn(request, reply);
  if (type === 'second-factor-needed') return reply.redirect(addresses.secondFactor, 303);
  if (status === 404) return sendNotFound(reply);
  if (error instanceof Refusal) {
    return sendPage(reply.code(422), RefusedPage, { title: 'That did not work', advice: error.message });
  }
  if (status === 429) {
    return sendPage(reply.code(429), RefusedPage, {
      title: 'Too many attempts',
      advice: 'Wait a few minutes, then try again. Nothing is locked.',
    });
  }
  if (status >= 400 && status < 500) {
    return sendPage(reply.code(status), RefusedPage, {
      title: 'That did not work',
      advice: 'The page may have been open for too long. Go back, load it again, and try once more.',
    });
  }
  request.log.error({ err: error, req: request }, 'page failed');
  return sendPage(reply.code(status), FaultPage, { reference: request.id });
}

/** To the sign-in page, and back here afterwards. A partial update asks for the whole page to go there. */
function sendToSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const next = request.method === 'GET' && request.url !== addresses.today ? request.url : undefined;
  const address = next === undefined ? addresses.signIn : addresses.signInThen(next);
  if (request.headers['hx-request'] === 'true') {
    return reply.code(401).header('hx-redirect', addresses.signIn).send();
  }
  return reply.redirect(address, 303);
}
