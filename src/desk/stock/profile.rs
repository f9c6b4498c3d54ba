//! What the law and the leaflet say about a kind: its profile, its partner, what is in it.

use entity::{
    consumable::{self, Cautions, Class, Reading, Under14},
    content,
    ids::{CommunityId, IngredientId, KindId, PartnerId},
    ingredient,
    kind::Tracked,
    partner,
};

use super::{optional, recompute};
use crate::{
    db::Done,
    desk::{About, Desk, Error, Problem, Result, invalid, kinds::may_edit},
    rules::{
        legal::{self, Admitted, Declared, Leaflet},
        refusal::Refusal,
    },
    store,
    view::{IngredientView, PartnerView, ProfileView},
};

/// What is said about a kind. All of it is said anew each time.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What it is, by law.
    pub class: Declared,
    /// Who stands behind it.
    pub partner: Option<PartnerId>,
    /// 片, 粒, 贴: the smallest thing that is counted.
    pub base_unit: String,
    /// Base units in a pack.
    pub pack_size: i32,
    /// Base units in the smallest labelled unit that may leave.
    pub smallest_unit: Option<i32>,
    /// By which reading of its label; strict for medicine.
    pub reading: Option<Reading>,
    /// Is a date needed? Always for medicine.
    pub dated: Option<bool>,
    /// For how many days after it is taken it must still be good.
    pub course_days: i32,
    /// For how many days it is good after opening.
    pub open_days: Option<i32>,
    /// May several people take from one pack?
    pub shareable: bool,
    /// Base units for one take.
    pub most_per_take: Option<i32>,
    /// Base units for one station and day.
    pub most_per_day: Option<i32>,
    /// May children under 14 have it?
    pub under_14: Under14,
    /// May people under 18 have it?
    pub under_18: bool,
    /// What must be asked.
    pub cautions: Cautions,
    /// What must be read.
    pub leaflet: Option<String>,
    /// Who has compared this with the leaflet.
    pub reviewed_by: Option<String>,
    /// Active ingredients by name, with micrograms in a base unit.
    pub contents: Vec<(String, i64)>,
}

/// Says what a kind is, by law and by its leaflet. The lots that are there follow it at once; the class does not change while
/// there are any.
///
/// # Errors
/// [`Error::Refused`] for what may not be stocked, with the reason; [`Error::Stale`], [`Error::VersionNeeded`] when it was said
/// before; [`Error::Invalid`].
pub async fn set(desk: Desk, (kind, what): (KindId, Profile)) -> Result<Done<ProfileView>> {
    let tx = desk.open().await?;
    let kind = store::kinds::find(tx.conn(), kind).await?.ok_or(Error::NotFound("kind"))?;
    may_edit(&desk, kind.community_id)?;
    let old = store::consumables::find(tx.conn(), kind.id).await?;
    if let Some(old) = &old {
        desk.expect_version(old.rev)?;
    }
    if kind.tracked != Tracked::Lot {
        return desk.refuse(tx, vec![Refusal::KindNotTaken]).await;
    }
    let partner = match what.partner {
        Some(id) => {
            let known = store::consumables::find_partner(tx.conn(), id).await?;
            Some(known.ok_or(Error::Invalid { field: "partner_id", problem: Problem::Unknown })?)
        }
        None => None,
    };
    if partner.as_ref().is_some_and(|partner| kind.community_id.is_some_and(|community| community != partner.community_id)) {
        return desk.refuse(tx, vec![Refusal::PartnerElsewhere]).await;
    }
    let admitted = match legal::admit(what.class, partner.as_ref()) {
        Ok(admitted) => admitted,
        Err(no) => return desk.refuse(tx, vec![no]).await,
    };
    let row = row_of(kind.id, &what, admitted)?;
    let leaflet = Leaflet {
        text: row.leaflet.as_deref(),
        reviewed_by: row.reviewed_by.as_deref(),
        contents: what.contents.len(),
        most_per_take: row.most_per_take,
        under_14: row.under_14,
    };
    let missing = legal::missing(&leaflet);
    if row.class == Class::OtcB && !missing.is_empty() {
        return desk.refuse(tx, missing).await;
    }
    let mut contents = Vec::new();
    for (name, micrograms_per_unit) in &what.contents {
        let known = store::consumables::find_ingredient(tx.conn(), name).await?;
        let ingredient = known.ok_or(Error::Invalid { field: "contents", problem: Problem::Unknown })?;
        if *micrograms_per_unit <= 0 {
            return Err(Error::Invalid { field: "contents", problem: Problem::OutOfRange });
        }
        let content =
            content::Model { kind_id: kind.id, ingredient_id: ingredient.id, micrograms_per_unit: *micrograms_per_unit };
        contents.push((content, ingredient));
    }
    let row = match old {
        None => {
            store::consumables::add(&tx, row.clone()).await?;
            row
        }
        Some(old) => {
            // Before any lot: whoever writes down a new one holds the profile first.
            let row = store::consumables::change(&tx, consumable::Model { rev: old.rev, ..row }).await?;
            let lots = store::lots::lock_of_kinds(&tx, None, vec![kind.id]).await?;
            if row.class != old.class && lots.iter().any(|lot| lot.on_hand() > 0) {
                return desk.refuse(tx, vec![Refusal::ClassHasStock]).await;
            }
            recompute::recompute(&desk, &tx, &row, lots).await?;
            row
        }
    };
    store::consumables::set_contents(&tx, kind.id, contents.iter().map(|(content, _)| content.clone()).collect()).await?;
    let detail = Some(serde_json::json!({ "kind": kind.id, "rev": row.rev, "class": row.class }));
    desk.record(&tx, "profile_set", About { detail, ..About::default() }).await?;
    desk.commit(tx, ProfileView::new(&row, &contents)).await
}

/// The row of what is said about a kind.
pub(crate) fn row_of(kind: KindId, what: &Profile, admitted: Admitted<'_>) -> Result<consumable::Model> {
    let drug = matches!(admitted, Admitted::OtcB(_));
    let at_least =
        |field, n: i32, least| if n < least { Err(Error::Invalid { field, problem: Problem::OutOfRange }) } else { Ok(n) };
    let positive = |field, n: Option<i32>| n.map(|n| at_least(field, n, 1)).transpose();
    let pack_size = at_least("pack_size", what.pack_size, 1)?;
    // Medicine leaves in whole packs unless somebody has said what the smallest labelled unit is.
    let smallest = what.smallest_unit.unwrap_or(if drug { pack_size } else { 1 });
    Ok(consumable::Model {
        kind_id: kind,
        class: admitted.class(),
        partner_id: if let Admitted::OtcB(partner) = admitted { Some(partner.id) } else { None },
        base_unit: entity::values::text(&what.base_unit, 12).map_err(invalid("base_unit"))?,
        pack_size,
        smallest_unit: at_least("smallest_unit", smallest, 1)?,
        reading: what.reading.unwrap_or(Reading::Strict),
        dated: drug || what.dated.unwrap_or(true),
        course_days: match what.course_days {
            days @ 0..=365 => days,
            _ => return Err(Error::Invalid { field: "course_days", problem: Problem::OutOfRange }),
        },
        open_days: positive("open_days", what.open_days)?.filter(|days| *days <= 365),
        shareable: what.shareable,
        most_per_take: positive("most_per_take", what.most_per_take)?,
        most_per_day: positive("most_per_day", what.most_per_day)?,
        under_14: what.under_14,
        under_18: what.under_18,
        cautions: what.cautions.clone(),
        leaflet: optional("leaflet", what.leaflet.as_deref(), 2_000)?,
        reviewed_by: optional("reviewed_by", what.reviewed_by.as_deref(), 60)?,
        rev: 1,
    })
}

/// A partner, as they present themselves.
#[derive(Clone, Debug)]
pub struct NewPartner {
    /// For which community.
    pub community: CommunityId,
    /// The name on the licence.
    pub name: String,
    /// What they are.
    pub sort: partner::Sort,
    /// The number of the licence.
    pub licence_no: String,
}

/// Enters a licensed partner.
///
/// # Errors
/// [`Error::Refused`] when the licence is entered already; [`Error::Invalid`].
pub async fn add_partner(desk: Desk, what: NewPartner) -> Result<Done<PartnerView>> {
    desk.actor.manager_of(what.community)?;
    let tx = desk.open().await?;
    let row = partner::Model {
        id: desk.app.clock.id(),
        community_id: what.community,
        name: entity::values::text(&what.name, 80).map_err(invalid("name"))?,
        sort: what.sort,
        licence_no: entity::values::text(&what.licence_no, 60).map_err(invalid("licence_no"))?,
        ended_at: None,
        created_at: desk.now(),
    };
    if store::communities::find(tx.conn(), what.community).await?.is_none() {
        return Err(Error::Invalid { field: "community_id", problem: Problem::Unknown });
    }
    if store::consumables::find_partner_by_licence(tx.conn(), what.community, &row.licence_no).await?.is_some() {
        return desk.refuse(tx, vec![Refusal::Taken { field: "licence_no".to_owned() }]).await;
    }
    store::consumables::add_partner(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "partner": row.id }));
    desk.record(&tx, "partner_added", About { detail, ..About::default() }).await?;
    desk.commit(tx, PartnerView::from(&row)).await
}

/// A partner stands behind nothing any more: what they stood behind can be neither received nor taken, until the kind has
/// another partner.
///
/// # Errors
/// [`Error::Refused`] when that was so already; [`Error::NotFound`].
pub async fn end_partner(desk: Desk, id: PartnerId) -> Result<Done<PartnerView>> {
    let tx = desk.open().await?;
    let mut row = store::consumables::find_partner(tx.conn(), id).await?.ok_or(Error::NotFound("partner"))?;
    desk.actor.manager_of(row.community_id)?;
    if row.ended_at.is_some() {
        return desk.refuse(tx, vec![Refusal::PartnerEnded]).await;
    }
    row.ended_at = Some(desk.now());
    store::consumables::change_partner(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "partner": row.id }));
    desk.record(&tx, "partner_ended", About { detail, ..About::default() }).await?;
    desk.commit(tx, PartnerView::from(&row)).await
}

/// An active ingredient and its limits, as they stand in leaflets.
#[derive(Clone, Debug)]
pub struct NewIngredient {
    /// Its name, as on leaflets.
    pub name: String,
    /// Micrograms in rolling 24 hours.
    pub most_in_24_hours: i64,
    /// Micrograms in rolling 72 hours.
    pub most_in_72_hours: i64,
    /// Which leaflet says so.
    pub source: String,
    /// Who has compared it.
    pub reviewed_by: String,
}

/// Enters an active ingredient.
///
/// # Errors
/// [`Error::Refused`] when it is entered already; [`Error::Invalid`].
pub async fn add_ingredient(desk: Desk, what: NewIngredient) -> Result<Done<IngredientView>> {
    desk.actor.admin()?;
    let tx = desk.open().await?;
    if what.most_in_24_hours <= 0 || what.most_in_72_hours < what.most_in_24_hours {
        return Err(Error::Invalid { field: "most_in_72_hours", problem: Problem::OutOfRange });
    }
    let row = ingredient::Model {
        id: desk.app.clock.id::<IngredientId>(),
        name: entity::values::text(&what.name, 60).map_err(invalid("name"))?,
        most_in_24_hours: what.most_in_24_hours,
        most_in_72_hours: what.most_in_72_hours,
        source: entity::values::text(&what.source, 200).map_err(invalid("source"))?,
        reviewed_by: entity::values::text(&what.reviewed_by, 60).map_err(invalid("reviewed_by"))?,
        created_at: desk.now(),
    };
    if store::consumables::find_ingredient(tx.conn(), &row.name).await?.is_some() {
        return desk.refuse(tx, vec![Refusal::Taken { field: "name".to_owned() }]).await;
    }
    store::consumables::add_ingredient(&tx, row.clone()).await?;
    let detail = Some(serde_json::json!({ "ingredient": row.id }));
    desk.record(&tx, "ingredient_added", About { detail, ..About::default() }).await?;
    desk.commit(tx, IngredientView::from(&row)).await
}
