//! What the law and the leaflet say about kinds that are taken: profiles, partners, ingredients, product codes.

use entity::{
    consumable::{Column, Entity, Model},
    content,
    ids::{CommunityId, KindId, PartnerId},
    ingredient, kind, partner, product_code,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    TryInsertResult,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{Read, insert, insert_all, overwrite};
use crate::db::{Trouble, WriteTx};

/// The profile of a kind.
pub async fn find(conn: &impl ConnectionTrait, kind: KindId) -> Read<Option<Model>> {
    Entity::find_by_id(kind).one(conn).await
}

/// As [`find`]; nobody changes it before the end of the write.
pub async fn hold(tx: &WriteTx, kind: KindId) -> Read<Option<Model>> {
    Entity::find_by_id(kind).lock_shared().one(tx.conn()).await
}

/// All profiles of these kinds.
pub async fn list(conn: &impl ConnectionTrait, kinds: Vec<KindId>) -> Read<Vec<Model>> {
    Entity::find().filter(Column::KindId.is_in(kinds)).all(conn).await
}

/// All kinds that are taken, by name, with the version of their profile.
pub async fn list_names(conn: &impl ConnectionTrait) -> Read<Vec<(KindId, String, Option<String>, i64)>> {
    let of_kind = Expr::col((kind::Entity, kind::Column::Id)).equals((Entity, Column::KindId));
    let mut names = Entity::find();
    QueryTrait::query(&mut names).inner_join(kind::Entity, of_kind);
    names
        .select_only()
        .column(Column::KindId)
        .column(kind::Column::Name)
        .column(kind::Column::NameEn)
        .column(Column::Rev)
        .into_tuple()
        .all(conn)
        .await
}

/// A new profile.
pub async fn add(tx: &WriteTx, row: Model) -> Result<(), Trouble> {
    insert::<Entity>(tx, row).await
}

/// Writes a changed profile over the version it was read at, and gives it the next.
pub async fn change(tx: &WriteTx, mut row: Model) -> Result<Model, Trouble> {
    let guard = Condition::all().add(Column::KindId.eq(row.kind_id)).add(Column::Rev.eq(row.rev));
    row.rev += 1;
    overwrite::<Entity>(tx, row.clone(), guard, "consumable.rev").await?;
    Ok(row)
}

/// One partner.
pub async fn find_partner(conn: &impl ConnectionTrait, id: PartnerId) -> Read<Option<partner::Model>> {
    partner::Entity::find_by_id(id).one(conn).await
}

/// The partner of a community with this licence.
pub async fn find_partner_by_licence(
    conn: &impl ConnectionTrait,
    community: CommunityId,
    licence_no: &str,
) -> Read<Option<partner::Model>> {
    let same = partner::Entity::find().filter(partner::Column::CommunityId.eq(community));
    same.filter(partner::Column::LicenceNo.eq(licence_no)).one(conn).await
}

/// The partners of a community with this licence or name; two are enough to see that it is not one.
pub async fn list_partners_called(conn: &impl ConnectionTrait, community: CommunityId, text: &str) -> Read<Vec<partner::Model>> {
    let called = Condition::any().add(partner::Column::LicenceNo.eq(text)).add(partner::Column::Name.eq(text));
    let ours = partner::Entity::find().filter(partner::Column::CommunityId.eq(community)).filter(called);
    ours.order_by_asc(partner::Column::Id).limit(2).all(conn).await
}

/// A page of partners, oldest first.
pub async fn list_partners(conn: &impl ConnectionTrait, after: Option<PartnerId>, limit: u64) -> Read<Vec<partner::Model>> {
    let after = Condition::all().add_option(after.map(|id| partner::Column::Id.gt(id)));
    partner::Entity::find().filter(after).order_by_asc(partner::Column::Id).limit(limit).all(conn).await
}

/// A new partner.
pub async fn add_partner(tx: &WriteTx, row: partner::Model) -> Result<(), Trouble> {
    insert::<partner::Entity>(tx, row).await
}

/// A partner is one no longer, or again.
pub async fn change_partner(tx: &WriteTx, row: partner::Model) -> Result<(), Trouble> {
    let guard = Condition::all().add(partner::Column::Id.eq(row.id));
    overwrite::<partner::Entity>(tx, row, guard, "partner").await
}

/// The ingredient of that name.
pub async fn find_ingredient(conn: &impl ConnectionTrait, name: &str) -> Read<Option<ingredient::Model>> {
    ingredient::Entity::find().filter(ingredient::Column::Name.eq(name)).one(conn).await
}

/// All ingredients, by name.
pub async fn list_ingredients(conn: &impl ConnectionTrait) -> Read<Vec<ingredient::Model>> {
    ingredient::Entity::find().order_by_asc(ingredient::Column::Name).limit(1_000).all(conn).await
}

/// A new ingredient.
pub async fn add_ingredient(tx: &WriteTx, row: ingredient::Model) -> Result<(), Trouble> {
    insert::<ingredient::Entity>(tx, row).await
}

/// What is in a kind.
pub async fn list_contents(conn: &impl ConnectionTrait, kind: KindId) -> Read<Vec<(content::Model, ingredient::Model)>> {
    let contents = content::Entity::find().filter(content::Column::KindId.eq(kind)).all(conn).await?;
    if contents.is_empty() {
        return Ok(Vec::new());
    }
    let ids = contents.iter().map(|content| content.ingredient_id);
    let ingredients = ingredient::Entity::find().filter(ingredient::Column::Id.is_in(ids)).all(conn).await?;
    let with = |content: content::Model| {
        let ingredient = ingredients.iter().find(|i| i.id == content.ingredient_id)?;
        Some((content, ingredient.clone()))
    };
    Ok(contents.into_iter().filter_map(with).collect())
}

/// Says anew what is in a kind.
pub async fn set_contents(tx: &WriteTx, kind: KindId, rows: Vec<content::Model>) -> Result<(), Trouble> {
    content::Entity::delete_many().filter(content::Column::KindId.eq(kind)).exec(tx.conn()).await?;
    insert_all::<content::Entity>(tx, rows).await
}

/// The kinds that a product code is known to belong to.
pub async fn list_kinds_of_code(conn: &impl ConnectionTrait, codes: Vec<String>) -> Read<Vec<product_code::Model>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    product_code::Entity::find().filter(product_code::Column::Code.is_in(codes)).all(conn).await
}

/// The codes that are known of a kind.
pub async fn list_codes_of(conn: &impl ConnectionTrait, kind: KindId) -> Read<Vec<product_code::Model>> {
    product_code::Entity::find().filter(product_code::Column::KindId.eq(kind)).all(conn).await
}

/// A code is learnt, unless it is known. Says whether it was news.
pub async fn learn_code(tx: &WriteTx, row: product_code::Model) -> Result<bool, Trouble> {
    let learnt = product_code::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns([product_code::Column::Scheme, product_code::Column::Code]).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx.conn())
        .await?;
    Ok(matches!(learnt, TryInsertResult::Inserted(rows) if rows > 0))
}

/// A code was learnt wrongly: it is known of nothing any more. Says whether it was known of that kind.
pub async fn unlearn_code(tx: &WriteTx, kind: KindId, code: &str) -> Result<bool, Trouble> {
    let gone = product_code::Entity::delete_many()
        .filter(product_code::Column::KindId.eq(kind))
        .filter(product_code::Column::Code.eq(code))
        .exec(tx.conn())
        .await?;
    Ok(gone.rows_affected > 0)
}
