//! Who may do what: an actor's roles, and the proofs that verbs demand.
//!
//! A proof can be made only here. What an actor may not do is answered by one constant policy: nobody is signed in → 401;
//! the thing is public (community, station, kind, item, sticker) → 403; the thing is private (loan, member, task, event,
//! photo) → 404, so that its existence is not told.

use entity::{
    grant::{self, Role},
    ids::{CommunityId, MemberId, SessionId, StationId},
    session::Proof,
    station,
};

use super::{Error, Result};

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    member: Option<MemberId>,
    session: Option<SessionId>,
    roles: Vec<grant::Model>,
    process: bool,
}

/// Proof: somebody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resident(MemberId);

/// Proof: a keeper of this station, or somebody above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeper(StationId);

/// Proof: a manager of this community, or an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manager(CommunityId);

/// Proof: an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admin(());

/// Proof: somebody with any role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staff(());

impl Resident {
    /// Who is signed in.
    #[must_use]
    pub fn id(self) -> MemberId {
        self.0
    }
}

impl Actor {
    /// Nobody in particular.
    #[must_use]
    pub fn visitor() -> Self {
        Self::default()
    }

    /// The process itself: a job or the command line. May do everything.
    #[must_use]
    pub fn process() -> Self {
        Self { process: true, ..Self::default() }
    }

    /// Whoever is behind a session. A session that began with a code sent to a phone carries no role: a stolen SIM card must
    /// not make anybody a keeper.
    #[must_use]
    pub fn signed_in(member: MemberId, session: SessionId, proof: Proof, roles: Vec<grant::Model>) -> Self {
        let roles = if proof == Proof::Password { roles } else { Vec::new() };
        Self { member: Some(member), session: Some(session), roles, process: false }
    }

    /// Who they are, if they are signed in.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        self.member
    }

    /// Their session.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// The roles that count in this session.
    #[must_use]
    pub fn roles(&self) -> &[grant::Model] {
        &self.roles
    }

    fn is_admin(&self) -> bool {
        self.process || self.roles.iter().any(|g| g.role == Role::Admin)
    }

    fn no<T>(&self) -> Result<T> {
        Err(if self.member.is_some() { Error::Forbidden } else { Error::NotSignedIn })
    }

    /// Somebody is signed in.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`].
    pub fn resident(&self) -> Result<Resident> {
        self.member.map(Resident).ok_or(Error::NotSignedIn)
    }

    /// Has any role.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::Forbidden`].
    pub fn staff(&self) -> Result<Staff> {
        if self.process || !self.roles.is_empty() { Ok(Staff(())) } else { self.no() }
    }

    /// Is an admin.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::Forbidden`].
    pub fn admin(&self) -> Result<Admin> {
        if self.is_admin() { Ok(Admin(())) } else { self.no() }
    }

    /// Manages that community.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::Forbidden`].
    pub fn manager_of(&self, community: CommunityId) -> Result<Manager> {
        let manages = self.roles.iter().any(|g| g.role == Role::Manager && g.community_id == Some(community));
        if manages || self.is_admin() { Ok(Manager(community)) } else { self.no() }
    }

    /// Keeps that station.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::Forbidden`].
    pub fn keeper_of(&self, station: &station::Model) -> Result<Keeper> {
        let keeps = self.roles.iter().any(|g| g.role == Role::Keeper && g.station_id == Some(station.id));
        if keeps || self.manager_of(station.community_id).is_ok() { Ok(Keeper(station.id)) } else { self.no() }
    }

    /// Keeps that station, or for a thing whose station is not known: is an admin.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::Forbidden`].
    pub fn keeper_where(&self, station: Option<&station::Model>) -> Result<()> {
        match station {
            Some(station) => self.keeper_of(station).map(|_| ()),
            None => self.admin().map(|_| ()),
        }
    }
}

/// The answer about a private thing: whoever is signed in and may not see it learns no more than if it were not there.
pub fn hide<T>(answer: Result<T>, what: &'static str) -> Result<T> {
    answer.map_err(|error| if matches!(error, Error::Forbidden) { Error::NotFound(what) } else { error })
}
