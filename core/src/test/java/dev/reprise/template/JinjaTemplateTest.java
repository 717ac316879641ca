package dev.reprise.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testing.TestScale;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
    private static String render(String source) {
        return JinjaTemplate.compile(source).render(Map.of("x", "outer", "items", list()), FixedClock.RECORDING);
    }

    private static Object list() {
        return new ListValue(List.of("a", "b", "c"));
    }

    /** Whether a variable exists outside is decided when the template is compiled. */
    @Test
    void scopesAreThoseOfJinja() {
        assertThat(render("{% for i in items %}{{ x }}{% set x = i %}{{ x }} {% endfor %}{{ x }}"))
                .isEqualTo("outera outerb outerc outer");
        assertThat(render("{% for i in items %}{{ x }}{% endfor %}{% set x = 1 %}{{ x }}"))
                .isEqualTo("1");
        assertThat(render("{% if false %}{% set x = 1 %}{% endif %}{{ x }}")).isEqualTo("outer");
        assertThat(render(
                        "{% set n = namespace(v=0) %}{% for i in items %}{% set n.v = n.v + 1 %}{% endfor %}{{ n.v }}"))
                .isEqualTo("3");
        assertThat(render("{% macro m() %}{{ y }}{% endmacro %}{% set y = 2 %}{{ m() }}"))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a\\n{% include 'x' %} | line 2: tag 'include' is not supported",
                "{% for a in b recursive %}{% endfor %} | a recursive loop is not supported",
                "\\n\\n{{ x @ 1 }} | line 3: unexpected char '@'",
                "{{ x.nosuch() }} | method 'nosuch' is not supported",
                "{{ x.__class__ }} | attribute '__class__' is not supported",
                "{{ f(*x) }} | unpacking of arguments",
                "{% if x %} | unexpected end of template",
                "{% endif %} | unknown tag 'endif'",
                "{{ 'a }} | unexpected char",
                "{% break %} | 'break' outside a loop",
                "{{ (1] }} | unexpected ']', expected ')'",
            })
    void whatCannotBeCompiledIsRefusedWithLineAndName(String source, String message) {
        assertThatThrownBy(() -> JinjaTemplate.compile(source.replace("\\n", "\n")))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.kind()).isEqualTo(TemplateException.Kind.TEMPLATE))
                .hasMessageContaining(message);
    }

    @Test
    void unknownAndUnimplementedFiltersAreNamed() {
        assertThatThrownBy(() -> JinjaTemplate.compile("{{ x|nosuch }}"))
                .hasMessageContaining("No filter named 'nosuch'.");
        assertThatThrownBy(() -> JinjaTemplate.compile("{{ x|urlize }}"))
                .hasMessageContaining("filter 'urlize' is not supported");
        assertThat(render("{% if false %}{{ x|nosuch }}{% endif %}ok")).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{% set n = namespace(s='xxxxxxxx') %}{% for a in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{% set n = namespace(s=[1]) %}{% for a in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{% set n = namespace(s=9) %}{% for a in range(99) %}{% set n.s = n.s * n.s %}{% endfor %}",
                "{% set n = namespace(s=[]) %}{% for a in range(999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s }}",
                "{{ 'x' * 1000000000000 }}",
                "{{ 9 ** (9 ** (9 ** 9)) }}",
                "{{ range(1000000)|list }}",
                "{{ 'x'.replace('', 'y' * 60000000) }}",
            })
    void hostileTemplatesEndInAnError(String source) {
        JinjaTemplate template = JinjaTemplate.compile(source);
        assertThatThrownBy(() -> template.render(Map.of(), FixedClock.RECORDING))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        e -> assertThat(e.kind()).isEqualTo(TemplateException.Kind.EVALUATION));
    }

    @Test
    void deeplyNestedSourcesAreRefused() {
        for (String source : List.of(
                "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
                "{{ " + "-".repeat(100_000) + "1 }}",
                "{{ x" + ".a".repeat(100_000) + " }}",
                "{{ 1" + " + 1".repeat(100_000) + " }}",
                "{% if x %}".repeat(10_000) + "{% endif %}".repeat(10_000))) {
            assertThatThrownBy(() -> JinjaTemplate.compile(source)).isInstanceOf(TemplateException.class);
        }
    }

    @Test
    void mutatedTemplatesCompileOrAreRefused() {
        String source = "{%- set ns = namespace(a=0) -%}{% macro m(q, w=2) %}{{ q ~ w|string }}{% endmacro %}"
                + "{% for i in items if i != 'z' %}{% if loop.first and i is string %}{{ i|upper|trim }}"
                + "{% elif i in ['b'] %}{{ m(i, w=loop.index) }}{% else %}{{ (x[1:] + i).split('t')|join(', ') }}"
                + "{% endif %}{% set ns.a = ns.a + 1 %}{% endfor %}{# c #}{{ {'k': [1, 2.5, none]}|tojson(indent=2) }}"
                + "{%+ set b %} x {% endset -%}{{ b.strip() if ns.a > 1 else raise_exception('no') }}";
        Random random = new Random(31);
        for (int round = 0; round < TestScale.rounds(50_000, 3_000); round++) {
            String mutated = mutate(source, random);
            try {
                render(mutated);
            } catch (TemplateException e) {
                assertThat(e.getMessage()).isNotNull();
            }
        }
    }

    private static String mutate(String source, Random random) {
        StringBuilder text = new StringBuilder(source);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) (' ' + random.nextInt(95)));
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                default ->
                    text.insert(
                            at,
                            List.of("{%", "%}", "{{", "}}", "|", ".", "(", "'", "-", "\\x")
                                    .get(random.nextInt(10)));
            }
        }
        return text.toString();
    }
}
