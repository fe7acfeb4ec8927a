// Texts as HTML, and as XML: whatever stands in them, they are text. Control characters, marks of the writing direction
// and what nobody sees are written out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway::forms {

std::string escaped(std::string_view text);
std::string name_tag(std::string_view name);  // apart from the writing direction of what stands around it
std::string code_tag(std::string_view text);
std::string with_code(std::string_view sentence);                 // what stands between grave accents as code
std::string badge(std::string_view kind, std::string_view word);  // a severity or a risk: a mark, and the word

// How many, and the first of them; where there are more, all of them fold out.
std::string name_tags(const std::vector<std::string>& names);

// A command that a person copies.
std::string command_box(std::string_view command, std::string_view what);

std::string bar(double share);  // 0 to 1, as a drawing that says nothing to a screen reader

// What a security policy allows a script or a style by: 'sha256-…' of its bytes.
std::string hash_source(std::string_view content);

// JSON that may stand in a script element.
std::string script_json(std::string json);

}  // namespace fairway::forms
