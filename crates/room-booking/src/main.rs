//! Room Booking resolves double bookings of meeting rooms.

fn main() {
    // Exiting here instead of returning skips freeing large calendars piece by piece.
    std::process::exit(room_booking::cli::run());
}
