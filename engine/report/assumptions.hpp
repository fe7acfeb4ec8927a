// What first contact with hosts and domains showed, as text and as JSON, and as the file that can be sent back: there
// every name is a stand-in, the same as in the record of the exchanges that it holds.
#pragma once

#include <span>
#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/base/recording.hpp"
#include "engine/model/assumption.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

std::string text(const FirstContact& contact, const Style& style);
Json json(const FirstContact& contact);
std::string text(const DirectoryContact& contact, const Style& style);
Json json(const DirectoryContact& contact);
// `record` holds the exchanges of all of them.
std::string contact_file(std::span<const FirstContact> contacts, std::span<const DirectoryContact> directories,
                         Recording& record, std::string_view version);

}  // namespace fairway::report
