//! One renewal 续借 of a loan: what the due time was, and what it became.

use sea_orm::entity::prelude::*;

use crate::ids::{LoanId, MemberId, RenewalId};

/// One renewal. `(loan_id, n)` is unique, so that a double tap renews once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "renewal")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RenewalId,
    /// The loan.
    pub loan_id: LoanId,
    /// The first, the second …
    pub n: i32,
    /// Who asked for it.
    pub member_id: Option<MemberId>,
    /// When.
    pub renewed_at: DateTimeUtc,
    /// When the loan was due before.
    pub old_due_at: DateTimeUtc,
    /// When it is due now.
    pub new_due_at: DateTimeUtc,
}

crate::bare_table!();
