// What somebody is told: a message as JSON (`fairway schema alarms` prints its form), as mail, and a finding as one
// line. Pure.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/json_fwd.hpp"
#include "engine/watch/state.hpp"

namespace fairway::watch {

struct Heading {
    std::string who;  // account@machine
    std::string version;
};

struct About {
    const State& state;
    const Heading& heading;
    const std::string& id;
    std::int64_t now = 0;
};

Json finding_json(const Episode& episode);
Json message_json(const News& news, const About& about);
std::string alarm_schema();

// For sendmail -t. Every line of it is made here: no text from outside can end a header or the mail.
std::string mail_text(const News& news, const About& about, std::string_view to);

// "high  HV03  migration.authentication  credssp, wanted kerberos  (somebody else, at dc1.corp.example)"
std::string line_of(const Episode& episode);

}  // namespace fairway::watch
