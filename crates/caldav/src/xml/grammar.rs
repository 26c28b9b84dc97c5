//! The known elements and their places.

const DAV: &str = "DAV:";
const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
const CALENDAR_SERVER: &str = "http://calendarserver.org/ns/";
const APPLE: &str = "http://apple.com/ns/ical/";
const OWNCLOUD: &str = "http://owncloud.org/ns";
const NEXTCLOUD: [&str; 2] = ["http://nextcloud.com/ns", "http://nextcloud.org/ns"];

/// A known element at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Multistatus,
    Response,
    Href,
    Status,
    Description,
    Propstat,
    Prop,
    SyncToken,
    Version,
    State,
    DisplayName,
    ResourceType,
    IsCollection,
    IsCalendar,
    IsShared,
    IsPrincipal,
    Owner,
    CurrentPrincipal,
    Homes,
    Addresses,
    Privileges,
    Privilege,
    All,
    Read,
    Write,
    WriteContent,
    Bind,
    Unbind,
    Reports,
    SupportedReport,
    Report,
    SyncCollection,
    CalendarMultiget,
    Components,
    Component,
    MaxSize,
    CalendarData,
    Color,
    Zone,
    ZoneId,
    CalendarDescription,
    OwnerPrincipal,
    ResourceId,
    DeletedAt,
    TrashedFrom,
    UserType,
    /// Any other element with its content.
    Unknown,
}

impl Tag {
    /// Whether its text is read.
    pub(super) fn has_text(self) -> bool {
        matches!(
            self,
            Tag::Href
                | Tag::Status
                | Tag::Description
                | Tag::SyncToken
                | Tag::Version
                | Tag::State
                | Tag::DisplayName
                | Tag::MaxSize
                | Tag::CalendarData
                | Tag::Color
                | Tag::Zone
                | Tag::ZoneId
                | Tag::CalendarDescription
                | Tag::OwnerPrincipal
                | Tag::DeletedAt
                | Tag::TrashedFrom
                | Tag::UserType
        )
    }
}

/// The element within `parent`; `None` is the document itself.
pub(super) fn tag(parent: Option<Tag>, namespace: &str, name: &str) -> Tag {
    match (parent, namespace, name) {
        (None, DAV, "multistatus") => Tag::Multistatus,
        (Some(Tag::Multistatus), DAV, "response") => Tag::Response,
        (Some(Tag::Multistatus | Tag::Prop), DAV, "sync-token") => Tag::SyncToken,
        (Some(Tag::Response), DAV, "propstat") => Tag::Propstat,
        (Some(Tag::Response), DAV, "responsedescription") => Tag::Description,
        (Some(Tag::Response | Tag::Propstat), DAV, "status") => Tag::Status,
        (Some(Tag::Propstat), DAV, "prop") => Tag::Prop,
        (
            Some(
                Tag::Response
                | Tag::Owner
                | Tag::CurrentPrincipal
                | Tag::Homes
                | Tag::Addresses
                | Tag::ResourceId,
            ),
            DAV,
            "href",
        ) => Tag::Href,
        (Some(Tag::Prop), ..) => property(namespace, name),
        (Some(Tag::ResourceType), ..) => resource_type(namespace, name),
        (Some(Tag::Privileges), DAV, "privilege") => Tag::Privilege,
        (Some(Tag::Privilege), DAV, _) => privilege(name),
        (Some(Tag::Reports), DAV, "supported-report") => Tag::SupportedReport,
        (Some(Tag::SupportedReport), DAV, "report") => Tag::Report,
        (Some(Tag::Report), DAV, "sync-collection") => Tag::SyncCollection,
        (Some(Tag::Report), CALDAV, "calendar-multiget") => Tag::CalendarMultiget,
        (Some(Tag::Components), CALDAV, "comp") => Tag::Component,
        _ => Tag::Unknown,
    }
}

fn property(namespace: &str, name: &str) -> Tag {
    match (namespace, name) {
        (DAV, "getetag") => Tag::Version,
        (DAV, "displayname") => Tag::DisplayName,
        (DAV, "resourcetype") => Tag::ResourceType,
        (DAV, "owner") => Tag::Owner,
        (DAV, "resource-id") => Tag::ResourceId,
        (DAV, "current-user-principal") => Tag::CurrentPrincipal,
        (DAV, "current-user-privilege-set") => Tag::Privileges,
        (DAV, "supported-report-set") => Tag::Reports,
        (CALDAV, "calendar-data") => Tag::CalendarData,
        (CALDAV, "calendar-home-set") => Tag::Homes,
        (CALDAV, "calendar-user-address-set") => Tag::Addresses,
        (CALDAV, "supported-calendar-component-set") => Tag::Components,
        (CALDAV, "max-resource-size") => Tag::MaxSize,
        (CALDAV, "calendar-timezone") => Tag::Zone,
        (CALDAV, "calendar-timezone-id") => Tag::ZoneId,
        (CALDAV, "calendar-user-type") => Tag::UserType,
        (CALDAV, "calendar-description") => Tag::CalendarDescription,
        (CALENDAR_SERVER, "getctag") => Tag::State,
        (APPLE, "calendar-color") => Tag::Color,
        (OWNCLOUD, "owner-principal") => Tag::OwnerPrincipal,
        (namespace, "deleted-at") if NEXTCLOUD.contains(&namespace) => Tag::DeletedAt,
        (namespace, "calendar-uri") if NEXTCLOUD.contains(&namespace) => Tag::TrashedFrom,
        _ => Tag::Unknown,
    }
}

fn resource_type(namespace: &str, name: &str) -> Tag {
    match (namespace, name) {
        (DAV, "collection") => Tag::IsCollection,
        (DAV, "principal") => Tag::IsPrincipal,
        (CALDAV, "calendar") => Tag::IsCalendar,
        // `shared-owner` is what an owner sees of his own calendar.
        (CALENDAR_SERVER, "shared") => Tag::IsShared,
        _ => Tag::Unknown,
    }
}

fn privilege(name: &str) -> Tag {
    match name {
        "all" => Tag::All,
        "read" => Tag::Read,
        "write" => Tag::Write,
        "write-content" => Tag::WriteContent,
        "bind" => Tag::Bind,
        "unbind" => Tag::Unbind,
        _ => Tag::Unknown,
    }
}
