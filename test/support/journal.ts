/** What the fake activities were asked to do, in order: "event:screened", "takePayment", "deliver:1/license". */
export type Journal = string[];
