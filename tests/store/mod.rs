//! What replaces compile-time checked queries: every text is prepared on both engines, both schemas are compared, and
//! dumps of released schemas migrate. The conformance cases have a binary of their own, because they count statements.

mod schema;
