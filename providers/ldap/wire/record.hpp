// Operations with a directory server as files that may be published: what was asked, what came, how long it took. Names
// of attributes and classes stay; their values are replaced by what they are (a distinguished name, a service principal
// name), and bytes are only counted. Stands between whoever asks and the connection; nothing of a sign-on's tokens and
// passwords passes here.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/recording.hpp"
#include "providers/ldap/wire/wire.hpp"

namespace fairway::ldap {

template <class W>
using Dialler = std::function<Result<std::unique_ptr<W>>(const Directory&, const std::string& server)>;

// The same connections, and what is said over them is kept. Without a recording: the very same.
Dialler<ReadWire> recorded_reads(Dialler<ReadWire> dial, const SharedRecording& recording);
Dialler<Wire> recorded_writes(Dialler<Wire> dial, const SharedRecording& recording);

// A connection that is there already.
std::unique_ptr<ReadWire> recorded(std::unique_ptr<ReadWire> wire, const SharedRecording& recording,
                                   const std::string& server);

// For the texts, and for tests: whatever the attribute, nothing of it names anybody.
std::string publishable_dn(std::string_view dn, StandIns& names);
std::string publishable_value(std::string_view attribute, std::string_view value, StandIns& names);
std::string publishable_filter(std::string_view filter, StandIns& names);

}  // namespace fairway::ldap
