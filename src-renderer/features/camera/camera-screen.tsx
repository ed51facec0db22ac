export function CameraScreen() {
  return null;
}
