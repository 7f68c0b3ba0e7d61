import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import { createSandbox } from '../../../dev/sandbox/create-sandbox.ts';
import type { Sandbox } from '../../../dev/sandbox/create-sandbox.ts';
import type { FaultKind } from '../../../dev/sandbox/faults.ts';

describe('the inbox of the sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox();
  });
  beforeEach(async () => {
    await fetch(`${sandbox.inboxUrl}/messages`, { method: 'DELETE' });
    await fetch(`${sandbox.url}/faults`, { method: 'DELETE' });
  });
  afterAll(() => sandbox.close());

  const mail: SendMailOptions = {
    from: 'Shop <shop@example.com>',
    to: 'Käthe <kaethe@example.com>',
    subject: 'Grüße & Dank <3',
    messageId: '<order-1-paid@example.com>',
    text: 'Thank you, Käthe.',
    html: '<p>Thank you, <b>Käthe</b>.</p><script>alert(1)</script>',
    attachments: [{ filename: 'receipt <1>.txt', content: 'paid', contentType: 'text/plain' }],
  };
  async function send(options: SendMailOptions = mail) {
    const transport = createTransport({ url: sandbox.smtpUrl, socketTimeout: 300 });
    try {
      return await transport.sendMail(options);
    } finally {
      transport.close();
    }
  }
  const messages = async (query = ''): Promise<unknown> => (await fetch(`${sandbox.inboxUrl}/messages${query}`)).json();
  const page = async (path: string) => {
    const answer = await fetch(sandbox.inboxUrl + path);
    return { headers: answer.headers, text: await answer.text() };
  };
  async function onlyId(): Promise<string> {
    const [message] = (await messages()) as { id: string }[]; // our own JSON
    if (message === undefined) throw new Error('no mail');
    return message.id;
  }
  const fault = (kind: FaultKind) =>
    fetch(`${sandbox.url}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ partner: 'smtp', kind, times: 1 }),
    });

  it('reads a multipart mail with its attachment', async () => {
    await send();
    expect(await messages()).toMatchObject([
      {
        from: 'shop@example.com',
        to: 'kaethe@example.com',
        subject: 'Grüße & Dank <3',
        text: expect.stringContaining('Thank you, Käthe.'),
        html: expect.stringContaining('<b>Käthe</b>'),
        messageId: '<order-1-paid@example.com>',
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        headers: { 'message-id': '<order-1-paid@example.com>', 'mime-version': '1.0' },
        attachments: [
          {
            filename: 'receipt <1>.txt',
            contentType: 'text/plain',
            size: 4,
            content: Buffer.from('paid').toString('base64'),
          },
        ],
      },
    ]);
  });

  it('finds mails by recipient, whatever the case, and only theirs', async () => {
    await send();
    await send({ ...mail, to: ['a@example.com', 'b@example.com'] });
    expect(await messages('?to=KAETHE@example.com')).toHaveLength(1);
    expect(await messages('?to=b@example.com')).toMatchObject([{ to: 'a@example.com, b@example.com' }]);
    expect(await messages('?to=example.com')).toEqual([]);
  });

  it('shows mails on pages where nothing of a mail can run', async () => {
    await send();
    const list = await page('?to=kaethe@example.com');
    expect(list.text).toContain('Grüße &amp; Dank &lt;3');
    const one = await page(`/${await onlyId()}`);
    expect(one.text).toContain('<iframe sandbox=""');
    expect(one.text).not.toContain('<script');
    expect(one.text).toContain('receipt &lt;1&gt;.txt');
    expect(one.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('hands attachments out as files', async () => {
    await send();
    const file = await page(`/${await onlyId()}/attachments/0`);
    expect(file.text).toBe('paid');
    expect(file.headers.get('content-disposition')).toContain('attachment');
  });

  it('refuses for now on error and keeps nothing', async () => {
    await fault('error');
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    expect(await messages()).toEqual([]);
  });

  it('never answers on timeout and keeps nothing', async () => {
    await fault('timeout');
    await expect(send()).rejects.toThrow();
    expect(await messages()).toEqual([]);
  });

  it('keeps the mail and drops the connection on lost_response', async () => {
    await fault('lost_response');
    await expect(send()).rejects.toThrow();
    expect(await messages()).toHaveLength(1);
  });
});
