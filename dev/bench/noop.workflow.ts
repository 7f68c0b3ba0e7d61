/** The ceiling of a run: what a workflow costs that does nothing. */
export async function noopWorkflow(): Promise<void> {}
