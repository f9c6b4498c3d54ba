//! What may be stocked at a station, as types: what may not has no stored form.
//!
//! Without a licence nobody may deal in medicine (药品管理法 Art. 51). A station hands out free of charge, and so keeps to what
//! needs none: dressings, devices, and class-B OTC medicine that a licensed partner stands behind
//! (research/stock-and-expiry.md §2.4).

use entity::{
    consumable::{Class, Under14},
    partner,
};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// What somebody says that a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Declared {
    /// No medical product.
    Supply,
    /// 卫生材料及敷料.
    Dressing,
    /// 医疗器械.
    Device,
    /// 乙类非处方药.
    OtcB,
    /// 甲类非处方药: needs a pharmacist.
    OtcA,
    /// 处方药.
    Prescription,
    /// 抗生素: prescription medicine, often taken for harmless.
    Antibiotic,
    /// 含麻黄碱类复方制剂: ID check, never on an open shelf.
    Ephedrine,
    /// 注射剂.
    Injection,
    /// 须冷藏.
    ColdChain,
    /// 居民家中剩余药品: source and storage unknown.
    Leftover,
}

/// Why a word for a class is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoClass {
    /// 药, OTC, 非处方药: class A or class B? The one may not be stocked, the other may.
    WhichMedicine,
    /// No word that is known here.
    Unknown,
}

/// Reads a class as it stands in a paper list.
///
/// # Errors
/// [`NoClass`]: what must be asked back.
pub fn read(text: &str) -> Result<Declared, NoClass> {
    let word: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace() && !"-_()（）".contains(*c)).collect();
    Ok(match word.as_str() {
        "supply" | "用品" | "日用品" | "非医疗用品" => Declared::Supply,
        "dressing" | "敷料" | "卫生材料" | "卫生材料及敷料" => Declared::Dressing,
        "device" | "器械" | "医疗器械" | "一次性医疗器械" => Declared::Device,
        "otcb" | "乙类" | "乙类otc" | "otc乙类" | "otc乙" | "乙类非处方药" | "非处方药乙类" | "绿标otc" => {
            Declared::OtcB
        }
        "otca" | "甲类" | "甲类otc" | "otc甲类" | "otc甲" | "甲类非处方药" | "非处方药甲类" | "红标otc" => {
            Declared::OtcA
        }
        "prescription" | "处方药" | "rx" => Declared::Prescription,
        "antibiotic" | "抗生素" => Declared::Antibiotic,
        "ephedrine" | "含麻黄碱" | "含麻黄碱类" | "含麻黄碱类复方制剂" => Declared::Ephedrine,
        "injection" | "注射剂" | "针剂" => Declared::Injection,
        "coldchain" | "冷藏" | "须冷藏" | "需冷藏" => Declared::ColdChain,
        "leftover" | "居民余药" | "家庭余药" | "居民捐药" | "居民家中剩余药品" => Declared::Leftover,
        "otc" | "非处方药" | "药" | "药品" | "medicine" => return Err(NoClass::WhichMedicine),
        _ => return Err(NoClass::Unknown),
    })
}

/// What may be stocked, and who stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted<'a> {
    /// No medical product.
    Supply,
    /// A dressing.
    Dressing,
    /// A device of use once.
    Device,
    /// Class-B OTC medicine with its partner.
    OtcB(&'a partner::Model),
}

impl Admitted<'_> {
    /// How it is stored.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::Supply => Class::Supply,
            Self::Dressing => Class::Dressing,
            Self::Device => Class::Device,
            Self::OtcB(_) => Class::OtcB,
        }
    }
}

/// What is said about class-B OTC medicine.
#[derive(Clone, Copy, Debug)]
pub struct Leaflet<'a> {
    /// What must be read.
    pub text: Option<&'a str>,
    /// Who has compared it.
    pub reviewed_by: Option<&'a str>,
    /// How many active ingredients are known.
    pub contents: usize,
    /// For one take.
    pub most_per_take: Option<i32>,
    /// May children under 14 have it?
    pub under_14: Under14,
}

/// What is missing before medicine may be handed out: without it there are no limits. Nobody under 14 takes medicine alone,
/// and with a guardian only what the leaflet has something to say about.
#[must_use]
pub fn missing(leaflet: &Leaflet<'_>) -> Vec<Refusal> {
    let speaks_of_children =
        leaflet.text.is_some_and(|text| ["儿童", "小儿", "child", "Child"].iter().any(|word| text.contains(word)));
    let for_children = match leaflet.under_14 {
        Under14::No => true,
        Under14::WithGuardian => speaks_of_children,
        Under14::Yes => false,
    };
    let needed = [
        ("leaflet", leaflet.text.is_some()),
        ("reviewed_by", leaflet.reviewed_by.is_some()),
        ("contents", leaflet.contents > 0),
        ("most_per_take", leaflet.most_per_take.is_some()),
        ("under_14", for_children),
    ];
    let gaps = needed.iter().filter(|(_, there)| !there);
    gaps.map(|(field, _)| Refusal::LeafletIncomplete { field: (*field).to_owned() }).collect()
}

/// May it be stocked?
///
/// # Errors
/// The reason.
pub fn admit(class: Declared, partner: Option<&partner::Model>) -> Result<Admitted<'_>, Refusal> {
    match (class, partner) {
        (Declared::Supply, _) => Ok(Admitted::Supply),
        (Declared::Dressing, _) => Ok(Admitted::Dressing),
        (Declared::Device, _) => Ok(Admitted::Device),
        (Declared::OtcB, None) => Err(Refusal::PartnerNeeded),
        (Declared::OtcB, Some(partner)) if partner.ended_at.is_some() => Err(Refusal::PartnerEnded),
        (Declared::OtcB, Some(partner)) => Ok(Admitted::OtcB(partner)),
        (
            Declared::OtcA
            | Declared::Prescription
            | Declared::Antibiotic
            | Declared::Ephedrine
            | Declared::Injection
            | Declared::ColdChain
            | Declared::Leftover,
            _,
        ) => Err(Refusal::ClassNotAllowed { class }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_read_as_people_write_it_and_a_medicine_of_either_class_is_asked_back() {
        for (word, class) in [
            ("敷料", Declared::Dressing),
            ("Dressing ", Declared::Dressing),
            ("医疗器械", Declared::Device),
            ("乙类 OTC", Declared::OtcB),
            ("OTC（乙类）", Declared::OtcB),
            ("otc_b", Declared::OtcB),
            ("甲类", Declared::OtcA),
            ("处方药", Declared::Prescription),
            ("cold-chain", Declared::ColdChain),
        ] {
            assert_eq!(read(word), Ok(class), "{word}");
        }
        for word in ["OTC", "非处方药", "药品"] {
            assert_eq!(read(word), Err(NoClass::WhichMedicine), "{word}");
        }
        assert_eq!(read("好东西"), Err(NoClass::Unknown));
    }
}
