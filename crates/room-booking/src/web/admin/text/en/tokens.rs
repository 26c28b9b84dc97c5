//! Priority tokens, in English.

part! { $ tokens:
    // --- Priority tokens -------------------------------------------------------------------------
    tokens_title = "Priority tokens";
    tokens_lead = "A token is a text that nobody can guess. Hand it to a person who may have the room: whoever writes it into the description of an event has priority for the times that the event has then.";
    no_tokens = "There are no tokens";
    no_tokens_text = "Create one for a person or an occasion.";
    token_col = "Token";
    token_label = "Label";
    token_label_hint = "Who gets it, or what it is for, such as Board, spring. It is shown here and in warnings.";
    token_events = "Number of events";
    token_events_hint = "A series counts as one event.";
    token_used = "{} of {} events";
    token_expiry_hint = "The last day on which an event can use it. Events that use it already keep their priority. Left empty, it does not expire.";
    token_ties = "When it meets another prioritised event";
    token_ties_keep = "Keep both, and report it";
    token_ties_rank = "Remove the one that has held the hour for less time";
    token_calendars = "For calendars";
    token_calendars_hint = "None selected: all calendars, also those that you add later.";
    token_only = "only {}";
    token_valid = "Valid";
    token_is_used_up = "Used up";
    token_until = "Valid until {}";
    token_expired = "Expired {}";
    add_token = "Create a token";
    add_token_button = "Create token";
    token_made = "Token created";
    token_made_lead = "Hand it to the person who may have the room. Pages and mails never show it again.";
    token_made_use = "It counts when it stands in the description of an event, with nothing but spaces or punctuation around it.";
    to_tokens = "To all tokens";
    bindings_title = "Events with this token";
    bindings_lead = "A token is bound to the times that an event has when it is first seen. If the event is moved, it has no priority at its new times until you renew the binding.";
    no_bindings = "No event uses this token";
    no_bindings_text = "An event appears here as soon as Room Booking sees the token in it.";
    binding_event = "Event";
    binding_times = "Has priority";
    binding_more = "{} and {} more";
    binding_endless = "{} and so on";
    binding_gone = "no longer in the calendar";
    binding_bound = "Bound";
    binding_used_up = "Not bound: used up by other events";
    binding_removed = "Removed";
    renew_binding = "Renew";
    remove_binding = "Remove binding";
    remove_token = "Remove token";
    remove_token_text = "Events that use the token lose their priority: {}. The events themselves stay.";
    remove_token_open = "Remove …";
    done_token_removed = "The token is removed.";
    done_binding_removed = "The binding is removed. The event does not get its priority back when it is edited.";
    done_binding_renewed = "The binding is renewed: the event has priority at the times that it has now.";
    audit_token_added = "priority token created";
    audit_token_removed = "priority token removed";
    audit_binding_removed = "token binding removed";
    audit_binding_renewed = "token binding renewed";
    audit_bound_events = "Bound events";
    audit_event_uid = "UID of the event";
}
