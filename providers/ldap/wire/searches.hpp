// Searches to their last page, several under way at once on one connection: the wire is busy while the last answer is
// being read. Knows pages and their limits, and not what is searched for.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "providers/ldap/wire/wire.hpp"

namespace fairway::ldap {

inline constexpr int entries_per_page = 500;  // below every controller's MaxPageSize (1000) unless somebody lowered it

// An Error ends the reading: it becomes the answer.
using Sink = std::function<Result<void>(std::vector<Entry> entries)>;

// Every entry of every search, in whatever order, a page at a time.
Result<void> search_all(ReadWire& wire, std::span<const Search> searches, const Sink& sink);

// The one object at `search.base`; Code::not_found where it is not shown.
Result<Entry> read_object(ReadWire& wire, std::string base, std::vector<std::string> attributes, bool deleted = false);

std::string too_many_bytes();  // behind the name of whoever sent them

const Attribute* find(const Entry& entry, std::string_view name);  // without case; null where it is missing
std::string first_value(const Entry& entry, std::string_view name);

}  // namespace fairway::ldap
