export type CameraTrouble = 'insecure' | 'denied' | 'missing' | 'busy'
export type Facing = 'user' | 'environment'

const TROUBLES: Record<string, CameraTrouble> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
}

/** One dimension only: asked for both, Chromium crops the picture. */
export async function openCamera(facing: Facing): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    video: { facingMode: facing, width: { ideal: 1280 } },
    audio: false,
  })
}

export function troubleOf(error: unknown): CameraTrouble {
  if (!navigator.mediaDevices) return 'insecure'
  return TROUBLES[(error as Error).name] ?? 'busy'
}

export const closeCamera = (stream: MediaStream | undefined): void =>
  stream?.getTracks().forEach((track) => track.stop())

export async function severalCameras(): Promise<boolean> {
  const devices = await navigator.mediaDevices.enumerateDevices()
  return devices.filter((device) => device.kind === 'videoinput').length > 1
}

/** The front camera is shown as a mirror; the photo is not mirrored. */
export const isFront = (stream: MediaStream): boolean =>
  stream.getVideoTracks()[0]?.getSettings().facingMode !== 'environment'

export const isIos = (): boolean => /iPhone|iPad/.test(navigator.userAgent)
