//! `REQUIRE_SECOND_FACTOR`: who has to have a second factor.

use store::users::User;

use super::Settings;

/// Who has to have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequireSecondFactor {
    /// Nobody; everybody may.
    None,
    /// Administrators.
    Administrators,
    /// Everybody.
    All,
}

impl RequireSecondFactor {
    /// What the setting may be.
    pub const WORDS: &str = "none, administrators or all";

    /// The word of the setting.
    pub fn as_str(self) -> &'static str {
        match self {
            RequireSecondFactor::None => "none",
            RequireSecondFactor::Administrators => "administrators",
            RequireSecondFactor::All => "all",
        }
    }

    /// Reads the setting.
    pub fn of(text: &str) -> Option<RequireSecondFactor> {
        Some(match text.to_lowercase().as_str() {
            "none" => RequireSecondFactor::None,
            "administrators" => RequireSecondFactor::Administrators,
            "all" => RequireSecondFactor::All,
            _ => return None,
        })
    }
}

impl Settings {
    /// Whether a user has to have a second factor.
    pub fn requires_second_factor(&self, user: &User) -> bool {
        match self.second_factor {
            RequireSecondFactor::None => false,
            RequireSecondFactor::Administrators => user.is_administrator,
            RequireSecondFactor::All => true,
        }
    }
}
