//! Unlearn a code of a product: somebody scanned the wrong pack when it was seen for the first time.

use entity::ids::KindId;

use crate::{
    db::Done,
    desk::{About, Desk, Error, Result},
    rules::refusal::Refusal,
    store,
    view::ProductCodeView,
};

/// Unlearns it; the next delivery that is scanned teaches it anew. Staff, as for learning. Not while a recall names it.
///
/// # Errors
/// [`Error::Refused`], [`Error::NotFound`].
pub async fn unlearn_code(desk: Desk, (kind, code): (KindId, String)) -> Result<Done<ProductCodeView>> {
    desk.actor.staff()?;
    let tx = desk.open().await?;
    store::stock_blocks::hold_registry(&tx).await?;
    let known = store::consumables::list_codes_of(tx.conn(), kind).await?;
    let known = known.into_iter().find(|known| known.code == code).ok_or(Error::NotFound("code"))?;
    let recalls = store::stock_blocks::list_recalls_in_force(tx.conn()).await?;
    if recalls.iter().any(|recall| recall.product.as_deref() == Some(code.as_str())) {
        return desk.refuse(tx, vec![Refusal::CodeRecalled]).await;
    }
    if !store::consumables::unlearn_code(&tx, kind, &code).await? {
        return Err(Error::NotFound("code"));
    }
    let detail = Some(serde_json::json!({ "kind": kind, "code": code }));
    desk.record(&tx, "code_unlearnt", About { detail, ..About::default() }).await?;
    desk.commit(tx, ProductCodeView::from(&known)).await
}
