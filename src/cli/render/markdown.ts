/**
 * Renders Markdown for a terminal in the layout of a manual page: headings in bold at the margin,
 * text indented. The parser is that of `marked`; only what the manual uses is rendered.
 *
 * @module
 */

import { lexer, type Token, type Tokens } from "marked";
import type { Color, Style } from "../output/color.ts";
import { renderTable } from "./table.ts";
import { wrapText } from "./wrap.ts";

/** Layout of {@linkcode renderMarkdown}. */
export interface RenderMarkdownOptions {
  /** Columns available. Text and tables are wrapped, code is not. */
  readonly width: number;
  readonly color: Color;
}

const TEXT_INDENT = 4;
const CODE_INDENT = 4;
const SUBHEADING_INDENT = 2;

/**
 * Renders Markdown for a terminal.
 *
 * Without colors, inline code keeps its backticks; all other markup is expressed by the layout.
 *
 * @param markdown The text.
 * @param options The layout.
 * @returns The lines, without a line end after the last.
 */
export function renderMarkdown(markdown: string, options: RenderMarkdownOptions): string {
  const { width, color } = options;
  const renderer = new BlockRenderer(color);
  const lines: string[] = [];
  let afterHeading = true;
  for (const token of lexer(markdown)) {
    const isHeading = token.type === "heading";
    const block = isHeading
      ? renderHeading(token as Tokens.Heading, options)
      : indent(renderer.render(token, width - TEXT_INDENT), TEXT_INDENT);
    if (block.length === 0) continue;
    if (!afterHeading) lines.push("");
    lines.push(...block);
    afterHeading = isHeading;
  }
  return lines.join("\n");
}

function renderHeading(
  { depth, tokens }: Tokens.Heading,
  { width, color }: RenderMarkdownOptions,
): readonly string[] {
  const columns = depth > 2 ? SUBHEADING_INDENT : 0;
  const text = renderInline(tokens, { color, style: "bold" });
  const lines = indent(wrapText(text, width - columns), columns);
  return depth === 1 ? [...lines, ""] : lines;
}

/** Renders the tokens of blocks: paragraphs, code, lists, tables, quotations. */
class BlockRenderer {
  readonly #color: Color;

  constructor(color: Color) {
    this.#color = color;
  }

  /** Lines of a block; empty for a block without content. */
  render(token: Token, width: number): readonly string[] {
    switch (token.type) {
      case "paragraph":
      case "text":
        return wrapText(this.#inline((token as Tokens.Paragraph).tokens), width);
      case "code":
        return this.#code(token as Tokens.Code);
      case "list":
        return this.#list(token as Tokens.List, width);
      case "table":
        return this.#table(token as Tokens.Table, width);
      case "blockquote": {
        const lines = this.#blocks((token as Tokens.Blockquote).tokens, width - 2, true);
        return lines.map((line) => `| ${line}`.trimEnd());
      }
      default:
        // Blank lines, rules, link definitions, comments.
        return [];
    }
  }

  /** @param spaced Whether blocks are separated by a blank line. */
  #blocks(tokens: readonly Token[], width: number, spaced: boolean): readonly string[] {
    const blocks = tokens.map((token) => this.render(token, width))
      .filter(({ length }) => length > 0);
    return blocks.flatMap((lines, index) => spaced && index > 0 ? ["", ...lines] : lines);
  }

  #code({ text }: Tokens.Code): readonly string[] {
    const lines = text.split("\n").map((line) => line === "" ? "" : this.#color("cyan", line));
    return indent(lines, CODE_INDENT);
  }

  #list({ items, ordered, start, loose }: Tokens.List, width: number): readonly string[] {
    const first = start === "" ? 1 : start;
    const markers = items.map((_, index) => ordered ? `${first + index}. ` : "- ");
    const columns = Math.max(...markers.map(({ length }) => length));
    return items.flatMap(({ tokens }, index) => {
      const [head = "", ...rest] = this.#blocks(tokens, width - columns, loose);
      const lines = [markers[index]!.padStart(columns) + head, ...indent(rest, columns)];
      return loose && index > 0 ? ["", ...lines] : lines;
    });
  }

  #table({ header, rows }: Tokens.Table, width: number): readonly string[] {
    const columns = header.map(({ text, align }) => ({
      // In capitals, as in all other tables of hale: a header is then visible without colors, too.
      header: styleWords(text.toUpperCase(), { color: this.#color, style: "bold" }),
      align: align === "right" ? align : "left" as const,
    }));
    const cells = rows.map((row) => row.map(({ tokens }) => this.#inline(tokens)));
    return renderTable(columns, cells, { width }).split("\n");
  }

  #inline(tokens: readonly Token[]): string {
    return renderInline(tokens, { color: this.#color, style: null });
  }
}

interface InlineStyle {
  readonly color: Color;
  /** Applies to plain text. Code has a style of its own. */
  readonly style: Style | null;
}

/** Renders the tokens of a line of text. Each word is styled on its own, so that lines can wrap. */
function renderInline(tokens: readonly Token[], inline: InlineStyle): string {
  return tokens.map((token) => renderInlineToken(token, inline)).join("");
}

function renderInlineToken(token: Token, inline: InlineStyle): string {
  const { color } = inline;
  switch (token.type) {
    case "strong":
      return renderInline((token as Tokens.Strong).tokens, { color, style: "bold" });
    case "em":
      return renderInline((token as Tokens.Em).tokens, { color, style: "italic" });
    case "codespan": {
      const { text } = token as Tokens.Codespan;
      const styled = styleWords(text, { color, style: "cyan" });
      return styled === text ? `\`${text}\`` : styled;
    }
    case "link": {
      const { href, text, tokens } = token as Tokens.Link;
      const label = renderInline(tokens, inline);
      return /^https?:/.test(href) && href !== text ? `${label} (${href})` : label;
    }
    case "br":
      return "\n";
    case "html":
      return "";
    default: {
      const { text, tokens } = token as Tokens.Text;
      return tokens === undefined
        ? styleWords(text.replaceAll("\n", " "), inline)
        : renderInline(tokens, inline);
    }
  }
}

function styleWords(text: string, { color, style }: InlineStyle): string {
  return style === null ? text : text.replace(/\S+/g, (word) => color(style, word));
}

function indent(lines: readonly string[], columns: number): readonly string[] {
  return lines.map((line) => line === "" ? "" : " ".repeat(columns) + line);
}
