#include "support/catch.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/styles/style.hpp"

#include <string>

using namespace corebelt; // NOLINT(google-build-using-namespace)
using styles::Colour;
using styles::parse_style;
using styles::StyleContext;

namespace {

std::string layer_with(const std::string& rest) {
    return R"({"version": 8, "sources": {}, "layers": [{"id": "parcels-fill", "type": "fill", "source": "parcels")" +
           rest + "}]}";
}

std::string error_of(const std::string& json, std::string& code) {
    try {
        (void)parse_style(json, "test.json");
    } catch (const Error& e) {
        code = e.code();
        CHECK(e.kind() == ErrorKind::usage);
        CHECK_FALSE(e.text().zh.empty());
        return e.text().en;
    }
    return "no error";
}

layers::Batch parcels() {
    layers::Batch batch;
    layers::Column code, height;
    code.field = {"code", layers::FieldType::text};
    height.field = {"height", layers::FieldType::real};
    for (const char* text : {"1001", "1401"})
        code.push_back(layers::Value{std::string(text)});
    code.push_back({});
    for (const double value : {10.0, 20.0, 30.0})
        height.push_back(layers::Value{value});
    batch.fid = {1, 2, 3};
    batch.columns = {code, height};
    return batch;
}

} // namespace

TEST_CASE("what a style may not hold is an error that names it and where it stands", "[style][error]") {
    struct Case {
        const char *rest, *code, *word;
    };
    const auto c = GENERATE(
        Case{R"(,"paint":{"fill-sort-key":1})", "unknown-style-property",
             "layers[0] (parcels-fill): paint.fill-sort-key"},
        Case{R"(,"paint":{"line-width":1})", "unknown-style-property", "line-width"},
        Case{R"(,"paint":{"fill-color":["rgb",1,2,3]})", "unknown-style-operator", "operator rgb"},
        Case{R"(,"paint":{"fill-color":"#12"})", "style-value", "\"#12\" is not a colour"},
        Case{R"(,"paint":{"fill-opacity":"much"})", "style-value", "fill-opacity"},
        Case{R"(,"paint":{"fill-opacity":["interpolate",["exponential",2],["zoom"],1,1,2,2]})", "bad-style",
             "interpolate"},
        Case{R"(,"paint":{"fill-opacity":["interpolate",["linear"],["zoom"],5,1,5,2]})", "style-value", "rise"},
        Case{R"(,"paint":{"fill-color":["match",["get","code"],["1","1"],"#fff","#000"]})", "style-value", "twice"},
        Case{R"(,"paint":{"fill-color":["match",["get","code"],"1","white"]})", "bad-style", "match"},
        Case{R"(,"paint":{"fill-color":["case",["==",["get","a"],1],"white"]})", "bad-style", "case"},
        Case{R"(,"flavour":1)", "unknown-style-key", "flavour"},
        Case{R"(,"metadata":{"corebelt:coverage":true},"paint":{"fill-pattern":"x"})", "style-value", "coverage"});
    std::string code;
    const std::string text = error_of(layer_with(c.rest), code);
    CAPTURE(text);
    CHECK(code == c.code);
    CHECK(text.find(c.word) != std::string::npos);
    CHECK(text.find("test.json") != std::string::npos);
}

TEST_CASE("documents of the wrong shape are refused", "[style][error]") {
    for (const char* json :
         {"{", "[]", R"({"version":7,"layers":[]})", R"({"version":8})", R"({"version":8,"layers":[1]})",
          R"({"version":8,"layers":[{"id":"a","type":"heatmap","source":"x"}]})",
          R"({"version":8,"layers":[{"id":"a","type":"fill"}]})",
          R"({"version":8,"layers":[{"id":"a","type":"background"},{"id":"a","type":"background"}]})"}) {
        CAPTURE(json);
        std::string code;
        (void)error_of(json, code);
        CHECK(code == "bad-style");
    }
}

TEST_CASE("expressions give what the specification says", "[style]") {
    const auto style = parse_style(layer_with(R"json(,"paint":{
            "fill-color":["match",["to-string",["get","code"]],["1001","1002"],"#bb9674","1401","rgb(0,255,0)","#cccccc"],
            "fill-opacity":["interpolate",["linear"],["zoom"],10,0.2,14,["case",[">=",["get","height"],20],1,0.6]]})json"),
                                   "test.json");
    const auto& layer = style.layers.front();
    const auto batch = parcels();
    CHECK(layer.colour("fill-color", {12, &batch, 0}) == Colour{187, 150, 116});
    CHECK(layer.colour("fill-color", {12, &batch, 1}) == Colour{0, 255, 0});
    CHECK(layer.colour("fill-color", {12, &batch, 2}) == Colour{204, 204, 204}); // null falls through
    CHECK(layer.number("fill-opacity", {9, &batch, 0}) == Approx(0.2).margin(1e-12));
    CHECK(layer.number("fill-opacity", {12, &batch, 0}) == Approx(0.4).margin(1e-12));
    CHECK(layer.number("fill-opacity", {12, &batch, 1}) == Approx(0.6).margin(1e-12));
    CHECK(layer.number("fill-opacity", {20, &batch, 2}) == Approx(1.0).margin(1e-12));
    CHECK(layer.text("fill-pattern", {12, &batch, 0}).empty()); // default
}

TEST_CASE("filters, steps and missing fields", "[style]") {
    const auto style = parse_style(layer_with(R"(,"minzoom":5,"maxzoom":15,
            "filter":["all",["has","code"],["!",["==",["get","code"],"1401"]],["any",["<",["get","height"],15],["has","nothing"]]],
            "paint":{"fill-opacity":["step",["zoom"],0.1,12,0.5,14,0.9],
                     "fill-color":["coalesce",["get","nothing"],"#010203"]})"),
                                   "test.json");
    const auto& layer = style.layers.front();
    const auto batch = parcels();
    const auto passes = [&](std::size_t row) {
        return layer.filter->evaluate({12, &batch, row}) == styles::StyleValue{true};
    };
    CHECK(passes(0));
    CHECK_FALSE(passes(1));
    CHECK_FALSE(passes(2));
    CHECK(layer.number("fill-opacity", {11.99, nullptr, 0}) == 0.1);
    CHECK(layer.number("fill-opacity", {12, nullptr, 0}) == 0.5);
    CHECK(layer.number("fill-opacity", {15, nullptr, 0}) == 0.9);
    CHECK(layer.colour("fill-color", {12, &batch, 0}) == Colour{1, 2, 3});
    CHECK_FALSE(layer.shown_at(4.9));
    CHECK(layer.shown_at(5));
    CHECK_FALSE(layer.shown_at(15));
}

TEST_CASE("a property that is no colour for a feature is an error and not a guess", "[style][error]") {
    const auto style = parse_style(layer_with(R"(,"paint":{"fill-color":["get","height"]})"), "test.json");
    const auto batch = parcels();
    CHECK_THROWS_WITH(style.layers.front().colour("fill-color", {12, &batch, 0}),
                      Catch::Contains("parcels-fill") && Catch::Contains("fill-color"));
}
