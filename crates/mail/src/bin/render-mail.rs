//! Renders templates for another process, as the program's command of that name does.

fn main() {
    mail::render_for_another();
}
