/** The key that every partner of the sandbox accepts when none is given. */
export const sandboxApiKey = 'sandbox-key';
