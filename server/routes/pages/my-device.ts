import { randomUUIDv7 } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import { myDeviceCookie } from '../../caller.ts';
import { myDeviceAddresses } from '../../pages/my-device/addresses.ts';
import { type Asking, askKinds } from '../../pages/my-device/ask-form.tsx';
import { MyDeviceLinkPage } from '../../pages/my-device/link.tsx';
import { MyDevicePage } from '../../pages/my-device/my-device.tsx';
import { keepStaffRequest } from '../../privacy/staff-requests.ts';
import { HttpProblem } from '../../problem.ts';
import type { Device } from '../../storage/devices.ts';
import type { Organization } from '../../storage/organizations.ts';
import { type Visit, visitMinutes } from '../../storage/staff/visits.ts';
import { type AccessOptions, isSecure } from './begin-session.ts';
import { myDeviceView } from './my-device-view.ts';
import { sendPage } from './send-page.ts';

const attempts = { rateLimit: { max: 20, timeWindow: 60_000 } };
const Code = z.string().max(100);
const Asked = z.object({
  csrf: z.string().max(100),
  kind: z.enum(Object.keys(askKinds) as [Asking['kind'], ...Asking['kind'][]]),
  about: z.string().max(81),
  words: z.string().max(4_000),
});

const doneWords: Readonly<Record<Asking['kind'], string>> = {
  correct: 'Your request is kept and waits for an answer.',
  contest: 'A person will look at it. Your request is kept and waits for an answer.',
  object: 'Your objection is kept and waits for an answer.',
  waiver: 'You asked for a waiver. Until it is granted, the check counts as before.',
};

/** The page about one's own laptop: everything that is kept, and what a person may ask. Opened by a link the agent makes. */
export const myDeviceRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, { stores, now, access }) => {
  /** The laptop of this visit, and nothing else, whatever the request says. */
  async function visited({ visit }: FastifyRequest): Promise<{
    readonly visit: Visit;
    readonly device: Device;
    readonly organization: Organization;
  }> {
    if (visit === null) throw new HttpProblem('not-signed-in');
    const [device, organization] = await Promise.all([
      stores.devices.byNumber(visit.organization, visit.device),
      stores.organizations.byNumber(visit.organization),
    ]);
    if (device === undefined || organization === undefined) throw new HttpProblem('not-signed-in');
    return { visit, device, organization };
  }

  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    said: { readonly asking: Asking; readonly done?: string | undefined; readonly problem?: string },
  ) => sendPage(reply, MyDevicePage, await myDeviceView(stores, await visited(request), said, now()));

  app.get('/my-device/open', {
    config: { caller: 'public' },
    schema: { hide: true, querystring: z.object({ code: Code.optional() }) },
    handler(request, reply) {
      const { code } = request.query;
      return code === undefined
        ? sendPage(reply.code(400), MyDeviceLinkPage, {
            problem: 'The address was cut off while it was copied.',
          })
        : sendPage(reply, MyDeviceLinkPage, { code });
    },
  });

  app.post('/my-device/open', {
    config: { caller: 'public', ...attempts },
    schema: { hide: true, body: z.object({ code: Code }) },
    async handler(request, reply) {
      const cookie = await stores.deviceVisits.open(request.body.code, now());
      if (cookie === undefined) {
        return sendPage(reply.code(410), MyDeviceLinkPage, {
          problem: 'The link was used already, or its ten minutes are over.',
        });
      }
      reply.setCookie(myDeviceCookie, cookie, {
        path: myDeviceAddresses.page,
        httpOnly: true,
        sameSite: 'strict',
        secure: isSecure(access, request),
        maxAge: visitMinutes * 60,
      });
      return reply.redirect(myDeviceAddresses.page, 303);
    },
  });

  app.get(myDeviceAddresses.page, {
    config: { caller: 'my-device' },
    schema: { hide: true, querystring: z.record(z.string(), z.unknown()) },
    handler(request, reply) {
      const { kind, about } = request.query;
      const done = kindOf(request.query['done']);
      return show(request, reply, {
        asking: { kind: kindOf(kind) ?? 'correct', about: isSubject(about) ? about : '', words: '' },
        done: done && doneWords[done],
      });
    },
  });

  app.post(myDeviceAddresses.requests, {
    config: { caller: 'my-device', ...attempts },
    schema: { hide: true, body: Asked },
    async handler(request, reply) {
      const { kind, about } = request.body;
      const words = request.body.words.replace(/\p{Cc}+/gu, ' ').trim();
      const again = (problem: string) =>
        show(request, reply.code(400), { asking: { kind, about, words }, problem });
      if (about !== '' && !isSubject(about)) throw new HttpProblem('invalid-request');
      if (words.length < 10 || words.length > 1_000) {
        return again('Say in your own words what it is about, in 10 to 1,000 characters.');
      }
      if (kind === 'waiver' && about === '') {
        return again('A waiver is about one setting: choose under “About” which.');
      }
      const { device } = await visited(request);
      if (!(await ask(device, { kind, about, words }))) {
        return again('Twenty requests of this laptop wait already. Wait until some of them are answered.');
      }
      return reply.redirect(`${myDeviceAddresses.page}?done=${kind}`, 303);
    },
  });

  async function ask(device: Device, { kind, about, words }: Asking): Promise<boolean> {
    if (kind !== 'waiver') return keepStaffRequest(stores, device, { kind, about, words }, now());
    const [check = '', point = null] = about.split('/');
    return stores.waivers.requestFromDevice(
      { organization: device.organization, device: device.number, deviceId: device.id },
      { id: randomUUIDv7(), check, point, reason: words },
      now(),
    );
  }

  app.post(myDeviceAddresses.close, {
    config: { caller: 'my-device' },
    schema: { hide: true, body: z.object({ csrf: z.string().max(100) }) },
    async handler(request, reply) {
      await stores.deviceVisits.end(request.cookies[myDeviceCookie] ?? '');
      return sendPage(reply.clearCookie(myDeviceCookie, { path: myDeviceAddresses.page }), MyDeviceLinkPage, {
        problem: 'The page is closed.',
      });
    },
  });
};

const kindOf = (text: unknown) => (Object.keys(askKinds) as Asking['kind'][]).find((kind) => kind === text);

/** `firewall`, or `firewall/enabled`: something the catalogue knows. */
function isSubject(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  const [check = '', point, more] = text.split('/');
  if (more !== undefined || !Object.hasOwn(checks, check)) return false;
  return point === undefined || Object.hasOwn(checks[check as CheckId].points, point);
}
