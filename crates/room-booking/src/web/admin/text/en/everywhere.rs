//! What stands on all pages, and errors, in English.

part! { $ everywhere:
    // --- Everywhere ------------------------------------------------------------------------------
    product = "Room Booking";
    skip = "Skip to the content";
    main_navigation = "Main";
    nav_start = "Start";
    nav_calendars = "Calendars";
    nav_history = "History";
    nav_people = "People";
    nav_keys = "API keys";
    nav_mail = "Mail";
    nav_account = "Account";
    sign_out = "Sign out";
    signed_in_as = "Signed in as {}";
    optional = "optional";
    save = "Save";
    back_to_start = "To the start page";
    times_in = "Times in {}";
    add = "Add";
    remove = "Remove";
    cancel = "Cancel";
    search = "Search";
    filter = "Show";
    go = "Go";
    look = "Look";
    today = "Today";
    never = "never";
    not_known = "not known";
    unnamed = "(without a name)";
    private_event = "Private";
    shown_of = "{} of {} shown.";
    further_pages = "Further pages";
    page_before = "← Back";
    page_newest = "← To the newest";
    page_next = "Further →";
    no_match = "Nothing matches";
    no_match_text = "Choose other filters, or none.";
    just_now = "just now";
    any_moment = "any moment";
    minutes_ago = "{} min ago";
    in_minutes = "in {} min";
    hours_ago = "{} h ago";
    in_hours = "in {} h";
    minutes = "minutes";
    days = "days";
    dates = "dates";
    events = "events";
    field_is_wrong = "{}: {}";
    from_to = "{} to {}";
    whole_number = "must be a whole number within its bounds";
    no_date = "must be a date";
    choose_one = "Choose one of the kinds.";
    all_calendars = "All calendars";
    nobody_known = "nobody is known";
    nobody_told = "Nobody";
    done_saved = "Saved.";

    // --- Names of fields -------------------------------------------------------------------------
    field_name = "Name";
    field_file = "File";
    field_collection = "Calendar on the server";

    // --- Errors ----------------------------------------------------------------------------------
    not_found = "There is nothing here";
    nothing_here = "No page has this address.";
    not_found_advice = "The link may be old, or what it led to was removed. The start page leads on.";
    forbidden = "This is for administrators";
    forbidden_advice = "Ask an administrator to do it, or to make you one.";
    stale = "This form cannot be taken";
    stale_advice = "It was opened a while ago, before somebody signed in or out in this browser, or it comes from another site. Nothing was changed. Go back, reload the page and send it again.";
    invalid = "Something is not right yet";
    invalid_advice = "Nothing was changed. Go back and mend it.";
    conflict = "It has changed meanwhile";
    conflict_advice = "Nothing was changed. Go back, reload the page and look at it as it is now.";
    impossible = "That cannot be done";
    impossible_advice = "Nothing was changed.";
    sent_already = "This form was sent already. What it made is in the list; its secret was shown once only. Open the form again to make another one.";
    copied = "Copied";
    back = "Back";
    too_many = "Too many tries";
    too_many_advice = "This keeps strangers from guessing passwords. Nothing is wrong with your account.";
    wait_seconds = "Wait {} seconds and try again.";
    too_large = "That is too large";
    too_large_advice = "Nothing was changed. A file may have 32 MB, and it has to arrive within 30 seconds.";
    busy = "Not just now";
    busy_advice = "Wait a moment and try again.";
    server = "The calendar server does not do its part";
    server_advice = "Nothing was changed. Administrators find a test in the calendar’s settings that says what to mend; others tell an administrator.";
    server_looking = "Administrators find a test in the calendar’s settings that says what to mend; others tell an administrator.";
    internal = "Something went wrong on the server";
    internal_advice = "It is not your fault, and what you did was not done. The server’s log says what it was.";
}
