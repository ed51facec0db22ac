export function TestEnvironmentScreen() {
  return null;
}
