//! Room Booking keeps the calendars of meeting rooms free of double bookings.

fn main() {
    // Ending the process here, and not by returning, spares the work of taking large calendars apart
    // piece by piece.
    std::process::exit(room_booking::cli::run());
}
