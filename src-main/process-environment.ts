/** What ssh needs to reach the agent that holds the keys. */
export function sshAgent(env: NodeJS.ProcessEnv): Record<string, string> {
  const { SSH_AUTH_SOCK: socket } = env;
  return socket ? { SSH_AUTH_SOCK: socket } : {};
}

/** QLF_USER and QLF_PASSWD of the environment, as the original's pipelines had them. */
export function ingestUsers(env: NodeJS.ProcessEnv): { user: string; password: string }[] {
  const { QLF_USER: user, QLF_PASSWD: password } = env;
  return user && password ? [{ user, password }] : [];
}
