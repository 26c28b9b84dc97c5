//! What a room is like, as options of the command line.

use store::rooms::Room;

/// What the room is like.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Room")]
pub(super) struct RoomOptions {
    /// The building that it is in; '' for none
    #[arg(long, value_name = "TEXT")]
    building: Option<String>,

    /// The floor that it is on; '' for none
    #[arg(long, value_name = "TEXT")]
    floor: Option<String>,

    /// How many people it seats; 0 if that is not known
    #[arg(long, value_name = "SEATS")]
    capacity: Option<i64>,

    /// What it has, as words separated by commas, such as projector,whiteboard; '' for nothing
    #[arg(long, value_name = "WORDS")]
    features: Option<String>,

    /// What else there is to know of it; '' for nothing
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

impl RoomOptions {
    /// Whether any of them is given.
    pub fn is_any(&self) -> bool {
        let texts = [&self.building, &self.floor, &self.features, &self.description];
        self.capacity.is_some() || texts.into_iter().any(Option::is_some)
    }

    /// Sets what is given.
    pub fn apply(&self, room: &mut Room) {
        let set = |given: &Option<String>, value: &mut Option<String>| {
            if let Some(text) = given {
                *value = Some(text.trim().to_owned()).filter(|it| !it.is_empty());
            }
        };
        set(&self.building, &mut room.building);
        set(&self.floor, &mut room.floor);
        set(&self.description, &mut room.description);
        if let Some(capacity) = self.capacity {
            room.capacity = Some(capacity).filter(|it| *it != 0);
        }
        if let Some(features) = &self.features {
            let words = features.split(',').map(str::trim).filter(|it| !it.is_empty());
            room.features = words.map(str::to_owned).collect();
        }
    }
}
