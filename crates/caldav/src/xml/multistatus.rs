//! `DAV:multistatus` (RFC 4918 section 14.16) as a value.

/// An answer about many resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multistatus {
    /// A response for each resource.
    pub responses: Vec<Response>,
    /// RFC 6578 section 6.4.
    pub sync_token: Option<String>,
}

/// The response for one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Its href, verbatim.
    pub href: String,
    /// The status of the resource, where one is given.
    pub status: Option<u16>,
    /// The worst status of properties that could not be given.
    pub failed: Option<u16>,
    /// The properties that were given.
    pub properties: Properties,
}

/// Properties that a server gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// `DAV:getetag`.
    pub etag: Option<String>,
    /// `CALDAV:calendar-data`, with the line ends that stand in the answer.
    pub calendar_data: Option<String>,
    /// `DAV:resourcetype`.
    pub resource_type: ResourceType,
    /// Properties of collections and principals.
    pub rest: Option<Box<Rest>>,
}

/// `DAV:resourcetype`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResourceType {
    /// A collection.
    pub is_collection: bool,
    /// A calendar.
    pub is_calendar: bool,
    /// A principal.
    pub is_principal: bool,
    /// Somebody else's, shared with the account.
    pub is_shared: bool,
}

/// Properties of collections and principals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// `DAV:displayname`.
    pub name: Option<String>,
    /// `getctag`.
    pub ctag: Option<String>,
    /// `DAV:sync-token`.
    pub sync_token: Option<String>,
    /// `DAV:owner`.
    pub owner: Option<String>,
    /// ownCloud's and Nextcloud's `owner-principal`, which is right for shared calendars too.
    pub owner_principal: Option<String>,
    /// `DAV:resource-id` (RFC 5842 section 3.1), a URI.
    pub resource_id: Option<String>,
    /// Nextcloud's `deleted-at`: since when the collection lies in the trash bin.
    pub deleted_at: Option<String>,
    /// Nextcloud's `calendar-uri`: the name of the calendar from which an object came into the trash bin.
    pub trashed_from: Option<String>,
    /// `DAV:current-user-principal`.
    pub principal: Option<String>,
    /// `CALDAV:calendar-home-set`.
    pub homes: Vec<String>,
    /// `CALDAV:calendar-user-address-set`.
    pub addresses: Vec<String>,
    /// `DAV:current-user-privilege-set`.
    pub privileges: Option<PrivilegeSet>,
    /// `DAV:supported-report-set`.
    pub reports: Option<Reports>,
    /// `CALDAV:supported-calendar-component-set`.
    pub components: Vec<String>,
    /// `CALDAV:max-resource-size`.
    pub max_size: Option<u64>,
    /// Apple's `calendar-color`.
    pub color: Option<String>,
    /// `CALDAV:calendar-timezone`: a VTIMEZONE.
    pub zone: Option<String>,
    /// `CALDAV:calendar-timezone-id`.
    pub zone_id: Option<String>,
    /// `CALDAV:calendar-user-type` (RFC 6638 section 2.4.2) of a principal.
    pub user_type: Option<String>,
    /// `CALDAV:calendar-description`.
    pub description: Option<String>,
}

/// `DAV:current-user-privilege-set`, as it is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrivilegeSet {
    /// `DAV:all`.
    pub all: bool,
    /// `DAV:read`.
    pub read: bool,
    /// `DAV:write`.
    pub write: bool,
    /// `DAV:write-content`.
    pub write_content: bool,
    /// `DAV:bind`.
    pub bind: bool,
    /// `DAV:unbind`.
    pub unbind: bool,
}

/// `DAV:supported-report-set`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reports {
    /// `DAV:sync-collection`.
    pub sync_collection: bool,
    /// `CALDAV:calendar-multiget`.
    pub multiget: bool,
}

impl Properties {
    /// Whether it lies in a trash bin.
    pub(crate) fn is_trashed(&self) -> bool {
        self.rest.as_ref().is_some_and(|rest| rest.deleted_at.is_some())
    }

    pub(super) fn rest_mut(&mut self) -> &mut Rest {
        self.rest.get_or_insert_default()
    }
}

impl Properties {
    /// Adds what another propstat of the same response gives.
    pub(super) fn merge(&mut self, other: Properties) {
        if self.etag.is_none() {
            self.etag = other.etag;
        }
        if self.calendar_data.is_none() {
            self.calendar_data = other.calendar_data;
        }
        if self.resource_type == ResourceType::default() {
            self.resource_type = other.resource_type;
        }
        match (&mut self.rest, other.rest) {
            (Some(rest), Some(other)) => rest.merge(*other),
            (None, other) => self.rest = other,
            (Some(_), None) => {}
        }
    }
}

impl Rest {
    fn merge(&mut self, other: Rest) {
        fn fill<T>(here: &mut Option<T>, there: Option<T>) {
            if here.is_none() {
                *here = there;
            }
        }
        fill(&mut self.name, other.name);
        fill(&mut self.ctag, other.ctag);
        fill(&mut self.sync_token, other.sync_token);
        fill(&mut self.owner, other.owner);
        fill(&mut self.owner_principal, other.owner_principal);
        fill(&mut self.principal, other.principal);
        fill(&mut self.resource_id, other.resource_id);
        fill(&mut self.deleted_at, other.deleted_at);
        fill(&mut self.trashed_from, other.trashed_from);
        fill(&mut self.privileges, other.privileges);
        fill(&mut self.reports, other.reports);
        fill(&mut self.max_size, other.max_size);
        fill(&mut self.color, other.color);
        fill(&mut self.zone, other.zone);
        fill(&mut self.zone_id, other.zone_id);
        fill(&mut self.user_type, other.user_type);
        fill(&mut self.description, other.description);
        self.homes.extend(other.homes);
        self.addresses.extend(other.addresses);
        self.components.extend(other.components);
    }
}
