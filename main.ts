// oxlint-disable import/no-unassigned-import -- these two must come before the libraries
import './stacks/library-loading';
import './stacks/early-bundling';
// oxlint-enable import/no-unassigned-import
import { App } from 'cdktf';
import { FunctionBundles } from './constructs/function-bundle';
import { ClaimCheckStack } from './stacks/claim-check-stack';
import { GithubAccessStack } from './stacks/github-access-stack';
import { NotificationsStack } from './stacks/notifications-stack';
import { OrderConsumersStack } from './stacks/order-consumers-stack';
import { OutboxCoreStack } from './stacks/outbox-core-stack';
import { loadSettings, type Settings, SettingsError } from './stacks/settings';
import { StateBackendStack } from './stacks/state-backend-stack';
import { UserEventsStack } from './stacks/user-events-stack';

/** All stacks of an environment; `synth()` writes them to `outdir` (default `cdktf.out`). */
export function outbox(settings: Settings, outdir?: string): App {
  const app = new App({ outdir });
  new StateBackendStack(app, settings);
  if (settings.githubRepository) new GithubAccessStack(app, settings, settings.githubRepository);
  const core = new OutboxCoreStack(app, settings);
  new OrderConsumersStack(app, settings, core);
  new UserEventsStack(app, settings, core);
  new NotificationsStack(app, settings, core);
  new ClaimCheckStack(app, settings, core);
  return app;
}

async function main(): Promise<void> {
  const app = outbox(loadSettings(process.env));
  await FunctionBundles.of(app).build();
  app.synth();
}

if (require.main === module) {
  main().catch((error: unknown) => {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
}
