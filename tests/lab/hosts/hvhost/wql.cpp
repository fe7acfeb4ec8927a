// A lexer of words, quoted strings and signs, and a parser that reads left to right.
#include "wql.hpp"

#include <cctype>

#include "fault.hpp"

namespace lab {
namespace {

struct Token {
    enum class Kind { word, text, sign, end } kind;
    std::string text;
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

class Lexer {
public:
    explicit Lexer(std::string_view text) : rest_(text) { next(); }

    [[nodiscard]] const Token& peek() const { return token_; }

    Token take() {
        auto taken = std::move(token_);
        next();
        return taken;
    }

    [[nodiscard]] bool at(std::string_view word) const {
        return token_.kind != Token::Kind::text && same_name(token_.text, word);
    }

    bool accept(std::string_view word) {
        if (!at(word) || token_.kind == Token::Kind::end) return false;
        next();
        return true;
    }

    void expect(std::string_view word) {
        if (!accept(word)) throw faults::bad_query("Expected " + std::string(word) + " before: " + token_.text);
    }

    std::string name() {
        if (token_.kind != Token::Kind::word) throw faults::bad_query("Expected a name before: " + token_.text);
        return take().text;
    }

private:
    void next() {
        while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())) != 0) rest_.remove_prefix(1);
        if (rest_.empty()) {
            token_ = {Token::Kind::end, {}};
        } else if (rest_.front() == '\'' || rest_.front() == '"') {
            quoted();
        } else if (is_word(rest_.front())) {
            std::size_t length = 1;
            while (length < rest_.size() && is_word(rest_[length])) ++length;
            token_ = {Token::Kind::word, std::string(rest_.substr(0, length))};
            rest_.remove_prefix(length);
        } else {
            token_ = {Token::Kind::sign, std::string(1, rest_.front())};
            rest_.remove_prefix(1);
        }
    }

    // A backslash takes the next character literally, as WQL and object paths have it.
    void quoted() {
        const char quote = rest_.front();
        rest_.remove_prefix(1);
        std::string text;
        for (;; rest_.remove_prefix(1)) {
            if (rest_.empty()) throw faults::bad_query("A quote is not closed.");
            if (rest_.front() == quote) break;
            if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
            text += rest_.front();
        }
        rest_.remove_prefix(1);
        token_ = {Token::Kind::text, std::move(text)};
    }

    std::string_view rest_;
    Token token_{Token::Kind::end, {}};
};

std::string literal(Lexer& lexer) {
    const auto token = lexer.take();
    if (token.kind != Token::Kind::word && token.kind != Token::Kind::text) {
        throw faults::bad_query("Expected a value before: " + token.text);
    }
    return token.text;
}

Condition condition(Lexer& lexer) {
    Condition out{.name = lexer.name(), .text = {}};
    out.begins = lexer.accept("like");
    if (!out.begins) lexer.expect("=");
    out.text = literal(lexer);
    if (!out.begins) return out;
    const auto wild = out.text.find_first_of("%_[^");
    if (wild == std::string::npos || wild + 1 != out.text.size() || out.text.back() != '%') {
        throw faults::bad_query("Only a beginning is understood after LIKE, not " + out.text);
    }
    out.text.pop_back();
    return out;
}

Select select(Lexer& lexer) {
    Select query;
    if (!lexer.accept("*")) {
        do query.columns.push_back(lexer.name());
        while (lexer.accept(","));
    }
    lexer.expect("from");
    query.class_name = lexer.name();
    if (lexer.accept("where")) {
        do {
            auto& all = query.where.emplace_back();
            do all.push_back(condition(lexer));
            while (lexer.accept("and"));
        } while (lexer.accept("or"));
    }
    return query;
}

Associators associators(Lexer& lexer) {
    Associators query;
    lexer.expect("of");
    lexer.expect("{");
    query.class_name = lexer.name();
    lexer.expect(".");
    do {
        auto name = lexer.name();
        lexer.expect("=");
        query.keys.emplace_back(std::move(name), literal(lexer));
    } while (lexer.accept(","));
    lexer.expect("}");
    if (lexer.accept("where")) {
        while (lexer.peek().kind == Token::Kind::word) {
            const auto word = lexer.name();
            lexer.expect("=");
            if (same_name(word, "AssocClass")) query.assoc_class = lexer.name();
            else if (same_name(word, "ResultClass")) query.result_class = lexer.name();
            else throw faults::bad_query("Only AssocClass and ResultClass are understood, not " + word);
        }
    }
    return query;
}

}  // namespace

Query parse_wql(std::string_view text) {
    Lexer lexer(text);
    Query query;
    if (lexer.accept("select")) query = select(lexer);
    else if (lexer.accept("associators")) query = associators(lexer);
    else throw faults::bad_query("Only SELECT and ASSOCIATORS OF are understood.");
    if (lexer.peek().kind != Token::Kind::end) throw faults::bad_query("Unexpected: " + lexer.peek().text);
    return query;
}

}  // namespace lab
