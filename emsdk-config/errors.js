/** What went wrong while building, in words for the user: printed without a stack trace. */
export class BuildError extends Error {
  name = 'BuildError';
}

/** A compiler has refused the user's sources and said why itself: nothing is left to say. */
export class CompileError extends BuildError {
  name = 'CompileError';
}
