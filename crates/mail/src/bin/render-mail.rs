//! Renders templates for another process, like the program's command `render-mail`.

fn main() {
    mail::render_for_another();
}
