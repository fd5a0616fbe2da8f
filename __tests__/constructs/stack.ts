import { Testing } from 'cdktf';
import { EncryptionKey } from '../../constructs/encryption-key';
import { BaseStack } from '../../stacks/base-stack';
import { loadSettings } from '../../stacks/settings';
import { type Synthesized, look } from '../synthesis';

/** A stack to put constructs in, and what it synthesizes to. */
export function testStack(env: Record<string, string> = {}): { stack: BaseStack; synthesized(): Synthesized } {
  const stack = new BaseStack(Testing.app(), 'test', loadSettings(env));
  return { stack, synthesized: () => look(JSON.parse(Testing.synth(stack))) };
}

/** The same with an encryption key in it. */
export function encryptedStack(env: Record<string, string> = {}) {
  const it = testStack(env);
  return { ...it, encryptionKey: new EncryptionKey(it.stack, 'key', { name: 'payloads' }) };
}

/** The statements of a policy document, by Sid. @throws Error if two have one Sid */
export function statementsOf(policy: string): Record<string, any> {
  const { Statement } = JSON.parse(policy) as { Statement: { Sid: string }[] };
  const bySid = Object.fromEntries(Statement.map((statement) => [statement.Sid, statement]));
  if (Object.keys(bySid).length !== Statement.length) throw new Error('Two statements have one Sid');
  return bySid;
}
