import { SignJWT, errors, jwtVerify } from 'jose';
import { Failure, fail } from '../../domain/failures.ts';

const audience = 'waybill:download';
/** RFC 7518, 3.2: an HS256 key has at least the size of the hash. */
const minimumKeyBytes = 32;

/** Signed, short-lived names of a download. Whether it may still be used is decided when it is used. */
export function createDownloadTokens({ signingKey }: { readonly signingKey: Uint8Array }) {
  if (signingKey.byteLength < minimumKeyBytes) {
    fail('internal.unexpected', `the signing key of download links needs at least ${minimumKeyBytes} bytes`);
  }

  return {
    sign: (deliveryId: string, expiresAt: string): Promise<string> =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(deliveryId)
        .setAudience(audience)
        .setExpirationTime(new Date(expiresAt))
        .sign(signingKey),

    /**
     * The delivery that the token names. @throws download.expired; delivery.not_found for whatever we did not sign,
     * without saying what is wrong with it
     */
    async read(token: string, at: string): Promise<string> {
      try {
        const { payload } = await jwtVerify(token, signingKey, {
          algorithms: ['HS256'],
          audience,
          requiredClaims: ['sub', 'exp'],
          currentDate: new Date(at),
        });
        return payload.sub ?? fail('delivery.not_found', 'There is no such download');
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw new Failure('download.expired', undefined, { cause: error });
        if (error instanceof errors.JOSEError) {
          throw new Failure('delivery.not_found', 'There is no such download', { cause: error });
        }
        throw error;
      }
    },
  };
}
