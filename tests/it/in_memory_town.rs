//! A town of values: random verbs through the pure rules, without a database, and what must never happen.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    block::{self, Cause},
    ids::{BlockId, ItemId, KindId, LoanId, MemberId},
    item::{self, Lifecycle},
    kind::{self, Identity},
    loan::{self, Condition},
    member,
};
use proptest::prelude::*;
use uuid::Uuid;
use yizhan::{
    desk::{borrow::new_loan, items::new_item, kinds::new_kind},
    rules::{
        borrow::{self, Borrower},
        calendar::{Calendar, Hours, LoanLength},
        give_back,
        policy::Policy,
        renew,
    },
};

/// What somebody does.
#[derive(Clone, Debug)]
enum Verb {
    Borrow { who: usize, what: usize },
    GiveBack { what: usize, condition: Condition },
    Renew { what: usize },
    Retire { what: usize },
    Repair { what: usize },
    Wait { hours: i64 },
}

const MEMBERS: usize = 4;
const ITEMS: usize = 6;

fn verbs() -> impl Strategy<Value = Vec<Verb>> {
    let verb = prop_oneof![
        5 => (0..MEMBERS, 0..ITEMS).prop_map(|(who, what)| Verb::Borrow { who, what }),
        4 => (0..ITEMS, 0..8_u8).prop_map(|(what, n)| Verb::GiveBack {
            what,
            condition: if n == 0 { Condition::Damaged } else { Condition::Good }
        }),
        2 => (0..ITEMS).prop_map(|what| Verb::Renew { what }),
        1 => (0..ITEMS).prop_map(|what| Verb::Retire { what }),
        1 => (0..ITEMS).prop_map(|what| Verb::Repair { what }),
        3 => (0..80_i64).prop_map(|hours| Verb::Wait { hours }),
    ];
    prop::collection::vec(verb, 1..120)
}

/// A town of values.
struct Town {
    now: DateTime<Utc>,
    kind: kind::Model,
    policy: Policy,
    calendar: Calendar,
    members: Vec<member::Model>,
    items: Vec<item::Model>,
    loans: Vec<loan::Model>,
    blocks: Vec<block::Model>,
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

impl Town {
    fn new(policy: Policy) -> Self {
        let now: DateTime<Utc> = "2026-11-23T02:00:00Z".parse().unwrap();
        let member = |n: usize| member::Model {
            id: MemberId(id(n as u128)),
            name_sealed: None,
            phone_sealed: None,
            phone_index: None,
            member_group: "resident".to_owned(),
            verified_at: Some(now),
            approved_at: None,
            approved_by: None,
            password_hash: None,
            language: "zh-CN".to_owned(),
            erased_at: None,
            created_at: now,
            rev: 1,
        };
        let kind = new_kind(KindId(id(1)), None, now);
        Self {
            now,
            policy,
            calendar: Calendar {
                zone: chrono_tz::Asia::Shanghai,
                hours: Hours::AlwaysOpen,
                follows_public_holidays: false,
                closures: Vec::new(),
            },
            members: (0..MEMBERS).map(member).collect(),
            items: (0..ITEMS).map(|n| new_item(ItemId(id(n as u128)), n.to_string(), kind.id, now)).collect(),
            kind,
            loans: Vec::new(),
            blocks: Vec::new(),
        }
    }

    fn open_loan(&self, what: usize) -> Option<usize> {
        self.loans.iter().position(|loan| loan.item_id == self.items[what].id && loan.is_open())
    }

    fn open_of(&self, who: MemberId) -> u32 {
        u32::try_from(self.loans.iter().filter(|loan| loan.member_id == Some(who) && loan.is_open()).count()).unwrap()
    }

    /// Does what a verb does with what the rule decides; gives back whether it was done.
    fn act(&mut self, verb: &Verb) -> bool {
        match verb {
            Verb::Wait { hours } => self.now += TimeDelta::hours(*hours),
            Verb::Retire { what } => self.items[*what].lifecycle = Lifecycle::Retired,
            Verb::Repair { what } if self.items[*what].lifecycle == Lifecycle::Maintenance => {
                self.items[*what].lifecycle = Lifecycle::Active;
            }
            Verb::Repair { .. } => return false,
            Verb::Borrow { who, what } => return self.borrow(*who, *what),
            Verb::GiveBack { what, condition } => self.give_back(*what, *condition),
            Verb::Renew { what } => return self.renew(*what),
        }
        true
    }

    fn borrow(&mut self, who: usize, what: usize) -> bool {
        let member = &self.members[who];
        let blocks: Vec<_> = self.blocks.iter().filter(|b| b.member_id == member.id).cloned().collect();
        let open = self.open_of(member.id);
        let facts = borrow::Facts {
            item: &self.items[what],
            kind: &self.kind,
            station: None,
            calendar: &self.calendar,
            policy: &self.policy,
            open_loan: self.open_loan(what).map(|n| &self.loans[n]),
            borrower: Borrower::Known { member, proven: true, blocks: &blocks, open, open_of_kind: open },
        };
        let Ok(terms) = borrow::borrow(&facts, false, self.now) else { return false };
        let mut loan = new_loan(LoanId(id(self.loans.len() as u128)), &self.items[what], &self.policy);
        (loan.member_id, loan.lent_at, loan.due_at) = (Some(member.id), self.now, terms.due.at);
        self.items[what].open_loan_id = Some(loan.id);
        self.loans.push(loan);
        true
    }

    fn give_back(&mut self, what: usize, condition: Condition) {
        let open = self.open_loan(what);
        let facts = give_back::Facts { item: &self.items[what], open_loan: open.map(|n| &self.loans[n]), here: None, condition };
        let follows = give_back::give_back(&facts, self.now);
        self.items[what].lifecycle = follows.lifecycle;
        self.items[what].open_loan_id = None;
        let Some(open) = open else { return };
        self.loans[open].returned_at = Some(self.now);
        if let (Some(until), Some(member_id)) = (follows.suspended_until, self.loans[open].member_id) {
            self.blocks.push(block::Model {
                id: BlockId(id(self.blocks.len() as u128)),
                member_id,
                cause: Cause::Late,
                reason: String::new(),
                loan_id: Some(self.loans[open].id),
                author_id: None,
                starts_at: self.now,
                ends_at: Some(until),
                lifted_at: None,
                lifted_by: None,
            });
        }
    }

    fn renew(&mut self, what: usize) -> bool {
        let Some(open) = self.open_loan(what) else { return false };
        let blocks: Vec<_> = self.blocks.iter().filter(|b| Some(b.member_id) == self.loans[open].member_id).cloned().collect();
        let facts = renew::Facts { loan: &self.loans[open], item: &self.items[what], calendar: &self.calendar, blocks: &blocks };
        let Ok(due) = renew::renew(&facts, false, self.now) else { return false };
        assert!(due.at > self.loans[open].due_at, "a renewal gives time, it takes none");
        self.loans[open].due_at = due.at;
        self.loans[open].renewals += 1;
        true
    }

    /// What must never happen.
    fn check(&self) {
        let mut holders: HashMap<ItemId, u32> = HashMap::new();
        for loan in self.loans.iter().filter(|loan| loan.is_open()) {
            *holders.entry(loan.item_id).or_default() += 1;
        }
        for item in &self.items {
            let open = holders.get(&item.id).copied().unwrap_or_default();
            assert!(open <= 1, "two hold one thing");
            assert_eq!(item.is_out(), open == 1, "the thing and its loans disagree");
        }
        for member in &self.members {
            assert!(self.open_of(member.id) <= self.policy.max_open.min(self.policy.max_open_of_kind), "more than the limit");
        }
        for loan in &self.loans {
            assert!(loan.due_at > loan.lent_at);
            assert!(loan.renewals <= loan.rule_renewals);
            assert!(loan.returned_at.is_none_or(|at| at >= loan.lent_at));
        }
        for block in &self.blocks {
            let days = block.ends_at.unwrap() - block.starts_at;
            assert!(days <= TimeDelta::days(self.policy.suspension_cap_days.into()), "longer than the longest suspension");
        }
    }
}

fn policies() -> impl Strategy<Value = Policy> {
    (1..4_u32, 1..4_u32, 0..3_u32, 1..5_u16, 0..10_u32).prop_map(|(max_open, max_open_of_kind, renewals, days, cap)| Policy {
        max_open,
        max_open_of_kind,
        renewals,
        length: LoanLength::Days { days, until: entity::policy::DayEnd::ClosingTime },
        suspension_cap_days: cap,
        ..Policy::default_for(Identity::Phone)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_people_do_what_must_never_happen_does_not(policy in policies(), verbs in verbs()) {
        let mut town = Town::new(policy);
        for verb in &verbs {
            town.act(verb);
            town.check();
        }
    }

    /// Safety alone could be had by refusing everything: what is possible is also done.
    #[test]
    fn whoever_owes_nothing_borrows_what_is_on_the_shelf(policy in policies(), verbs in verbs(), what in 0..ITEMS) {
        let mut town = Town::new(policy);
        for verb in &verbs {
            town.act(verb);
        }
        let stranger = member::Model { id: MemberId(id(999)), ..town.members[0].clone() };
        town.members.push(stranger);
        let possible = town.items[what].is_available();
        let done = town.act(&Verb::Borrow { who: MEMBERS, what });
        prop_assert_eq!(done, possible);
    }

    #[test]
    fn a_return_is_never_refused_and_the_thing_is_never_left_in_two_hands(verbs in verbs(), what in 0..ITEMS) {
        let mut town = Town::new(Policy::default_for(Identity::Phone));
        for verb in &verbs {
            town.act(verb);
        }
        town.act(&Verb::GiveBack { what, condition: Condition::Good });
        prop_assert!(!town.items[what].is_out());
        town.check();
    }
}
