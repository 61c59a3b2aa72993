//! Each construct, and the form it takes.

use super::shows;

#[test]
fn es_modules() {
    shows(
        "a.mjs",
        "import a, { b as c, default as d } from './m'; import e, * as ns from 'n'; import './side';
        export { c as default, e }; export * from './all'; export * as q from './q'; export { x as y, default as z } from './r';
        export const { p, o: [w] } = c; export function f() { return later } export class K {}
        const later = 1; const lazy = await import('./lazy');",
        r#"
        module [a c d e ns p w f K later lazy]
        a = (import? ./m).default
        c = (import ./m).b
        d = (import? ./m).default
        e = (import? n).default
        ns = (import n)
        (import ./side)
        f = function f() [] this
          return later
        exports.f = f
        exports = {**(import ./all) **exports}
        exports.q = (import ./q)
        exports.y = (import ./r).x
        exports.z = (import? ./r).default
        {"p": p "o": [w]} = c
        exports.p = p
        exports.w = w
        K = class K
        exports.K = K
        later = 1
        lazy = (await (import? ./lazy))
        exports.default = c
        exports.e = e"#,
    );
}

#[test]
fn default_exports() {
    shows(
        "a.js",
        "export default async (event) => event",
        "
        module []
        exports.default = function(event) [event] async
          return event",
    );
    shows(
        "a.js",
        "export default function main() {}",
        "
        module [main]
        main = function main() [] this
        exports.default = main",
    );
    shows(
        "a.js",
        "export default class { }",
        "
        module []
        exports.default = class",
    );
}

#[test]
fn exported_variables_stay_live() {
    shows(
        "a.mjs",
        "export let client; let count = 0; const fixed = 1; export { count as total, fixed };
        export function init() { client = make(); count++; return client ??= count += 1 }
        function other(client) { client = 1 }",
        r#"
        module [client count fixed init other]
        init = function init() [] this
          client = (call make)
          exports.client = client
          count = (+ count 1)
          exports.total = count
          return (exports.client := (client := (?? client (exports.total := (count := (+ count 1))))))
        exports.init = init
        other = function other(client) [client] this
          client = 1
        client = null
        exports.client = client
        count = 0
        fixed = 1
        exports.total = count
        exports.fixed = fixed"#,
    );
}

#[test]
fn common_js() {
    shows(
        "a.cjs",
        "const { S3 } = require('@aws-sdk/client-s3'), y = require(`./y`).y;
        exports.handler = async (event) => require('./z')(event);
        module.exports.other = function other(n) { return n ? other(n - 1) : 0 };
        module.exports = { a: 1 }; exports = module.exports = y; exports['k'] = 1; const w = require(y);
        function bundle(require, exports, module) { exports.x = require('./q'); module.exports = 2 }",
        r#"
        module [S3 y w bundle other]
        bundle = function bundle(require, exports, module) [require exports module] this
          exports.x = (call require "./q")
          module.exports = 2
        {"S3": S3} = (import? @aws-sdk/client-s3)
        y = (import? ./y).y
        exports.handler = function(event) [event] async
          return (call (import? ./z) event)
        exports.other = (other := function other(n) [n] this
          return (if n (call other (- n 1)) 0)
        )
        exports = {"a": 1}
        exports = (exports := y)
        (index exports "k") = 1
        w = (unknown require of a computed name)"#,
    );
}

#[test]
fn block_scopes_become_names() {
    shows(
        "a.js",
        "const x = 1;
        function f(a) {
          if (a) { const x = 2; g(x); { let x = 3; g(x) } } else { const x = 4; g(x) }
          g(x); var v; for (const a of b) g(a);
          try {} catch ({ message: x }) { g(x) }
          { function inner() { return x } inner() }
          implicit = 1;
          return () => { const x = 5; return x }
        }",
        r#"
        module [x f implicit]
        f = function f(a) [a v x#2 x#3 x#4 a#2 x#5 inner] this
          if a
            x#2 = 2
            (call g x#2)
            x#3 = 3
            (call g x#3)
          else
            x#4 = 4
            (call g x#4)
          (call g x)
          for a#2 in b
            (call g a#2)
          try
          catch as {"message": x#5}
            (call g x#5)
          inner = function inner() [] this
            return x
          (call inner)
          implicit = 1
          return function() [x]
            x = 5
            return x
        x = 1"#,
    );
}

#[test]
fn functions_and_parameters() {
    shows(
        "a.js",
        "const h = async (a, { b, c: [d = 1, , ...e] } = {}, ...rest) => a; function* g() { yield 1 }
        const o = { m() {}, async *n() {}, f: function () { return this } }; const one = x => ({ x });",
        r#"
        module [h g o one]
        g = function g() [] generator this
          (yield 1)
        h = function(a, {"b": b "c": [(default d 1) _ *e]}={}, *rest) [a b d e rest] async
          return a
        o = {"m": function m() [] this
         "n": function n() [] async generator this
         "f": function() [] this
          return this
        }
        one = function(x) [x]
          return {"x": x}"#,
    );
}

#[test]
fn operators_and_updates() {
    shows(
        "a.js",
        "a?.b?.[c]?.(d, ...e).f; a ?? b; a ||= b; x.y ??= 1; f().n += 2; const n = i++, m = --i, z = f()[g()]++;
        (0, h.default)(1); const s = (a(), b()); delete o.p; typeof x; void 0; !a; -1; 0xff; 1_0n;
        a in b; a instanceof B; a === b; a !== b; c ? d : e; undefined; new A; new B.C(1, ...d);",
        r#"
        module [n m z s a place#2 i place#3 place#4]
        (call? (index? a?.b c) d *e).f
        (?? a b)
        a = (or a b)
        x.y = (?? x.y 1)
        place#2 = (call f)
        place#2.n = (+ place#2.n 2)
        n = (- (i := (+ i 1)) 1)
        m = (i := (- i 1))
        z = (index [(place#3 := (call f)) (place#4 := (call g)) (- ((index place#3 place#4) := (+ (index place#3 place#4) 1)) 1)] 2)
        (call h.default 1)
        s = (index [(call a) (call b)] 1)
        delete o.p
        (typeof x)
        (void 0)
        (not a)
        (- 1)
        255
        10
        (in a b)
        (instanceof a B)
        (== a b)
        (!= a b)
        (if c d e)
        null
        (new A)
        (new B.C 1 *d)"#,
    );
}

#[test]
fn literals_and_destructuring() {
    shows(
        "a.js",
        "const t = `a${b}c\\n${d}`; tag`x${y}z`; const r = /ab+/g; const p = { a, 'b-c': 1, 2: 3, [k]: 4, ...rest };
        [a, b.c, ...d] = e; ({ a, b: c.d = 1, ...f } = g); x = y = 1; [a, b] = [b, a];",
        r#"
        module [t r p a d f x y b]
        t = (template "a" b "c\n" d)
        (call tag ["x" "z"] y)
        r = (regex "ab+")
        p = {"a": a "b-c": 1 "2": 3 k: 4 **rest}
        [a b.c *d] = e
        {"a": a "b": (default c.d 1) *f} = g
        x = (y := 1)
        [a b] = [b a]"#,
    );
}

#[test]
fn loops_and_jumps() {
    shows(
        "a.js",
        "outer: for (const a of as) { for (const b of bs) { if (b) continue outer; if (a) break outer; c() } d() }
        block: { if (a) break block; b() } do { x() } while (y) for (k in o) z(k); for await (const r of s) t(r);
        for (let i = 0, n = 1; i < n; i++, n--) u(i); for (;;) { break }",
        r#"
        module [a b continue#2 break#2 k r i n]
        for a in as
          continue#2 = false
          break#2 = false
          for b in bs
            if b
              continue#2 = true
              break
            if a
              break#2 = true
              break
            (call c)
          if continue#2
            continue
          if break#2
            break
          (call d)
        do while false
          if a
            break
          (call b)
        do while y
          (call x)
        for k in (call Object.keys o)
          (call z k)
        for r in s
          (call t r)
        i = 0
        n = 1
        while (< i n)
          (call u i)
        update
          i = (+ i 1)
          n = (- n 1)
        while true
          break"#,
    );
}

#[test]
fn switches_are_chains() {
    shows(
        "a.js",
        "switch (e.m) { case 'GET': return get(); case 'PUT': case 'POST': { const a = put(); break; } default: other(); break; case 'X': x(); }
        switch (a) { case 1: b(); case 2: c(); break; case 3: d() } switch (a) { case 1: default: b() }",
        r#"
        module [switch#2 a switch#3 switch#4]
        switch#2 = e.m
        if (== switch#2 "GET")
          return (call get)
        else
          if (or (== switch#2 "PUT") (== switch#2 "POST"))
            a = (call put)
          else
            if (== switch#2 "X")
              (call x)
            else
              (call other)
        switch#3 = a
        if (== switch#3 1)
          (call b)
          (call c)
        else
          if (== switch#3 2)
            (call c)
          else
            if (== switch#3 3)
              (call d)
        switch#4 = a
        (call b)"#,
    );
}

#[test]
fn a_break_deep_in_a_case_leaves_a_loop_that_runs_once() {
    shows(
        "a.js",
        "for (;;) { switch (k) { case 1: if (a) break; b(); break; case 2: continue; default: c() } d() }",
        r#"
        module [switch#2 continue#2]
        while true
          switch#2 = k
          continue#2 = false
          do while false
            if (== switch#2 1)
              if a
                break
              (call b)
            else
              if (== switch#2 2)
                continue#2 = true
                break
              else
                (call c)
          if continue#2
            continue
          (call d)"#,
    );
}

#[test]
fn errors() {
    shows(
        "a.js",
        "try { a() } catch (e) { if (e.name === 'X') return; throw e } finally { b() } try { c() } catch {} throw new Error('x')",
        r#"
        module [e]
        try
          (call a)
        catch as e
          if (== e.name "X")
            return
          raise e
        finally
          (call b)
        try
          (call c)
        catch
        raise (new Error "x")"#,
    );
}

#[test]
fn classes() {
    shows(
        "a.ts",
        "@Injectable() export class K<T> extends base.B<T> implements I {
          static readonly s: number = 1; private x?: Foo; #p = 2;
          constructor(private readonly repo: Repo, public n = 1, other: a.b.C, z: string) { super(n); this.#p = 3 }
          @Get('/x') async get(@Body() body: Dto): Promise<void> { return this.repo.find<Foo>(body as any)!.x }
          get q() { return 1 } set q(v) {} static { init() } static make() {} static get T() { return 1 } abstract foo(): void; [Symbol.iterator]() {} 'str'() {}
          overloaded(a: string): void; overloaded(a: any) {} arrow = async (e: Event) => { this.x = e };
        }",
        r#"
        module [K]
        K = @(call Injectable) class K base.B
          static field s = 1
          field x: Foo
          field #p = 2
          field repo: Repo
          field n
          constructor constructor = function constructor(repo: Repo, n=1, other: a.b.C, z) [repo n other z] this
            (call super n)
            this.repo = repo
            this.n = n
            this.#p = 3
          method get = @(call Get "/x") function get(body: Dto=(call Body)) [body] async this
            return (call this.repo.find body).x
          get q = function q() [] this
            return 1
          set q = function q(v) [v] this
          static field  = (call function() []
            (call init)
        )
          static method make = function make() [] this
          static field T = (call function T() []
            return 1
        )
          method [Symbol.iterator] = function [Symbol.iterator]() [] this
          method str = function str() [] this
          method overloaded = function overloaded(a) [a] this
          field arrow = function(e: Event) [e] async
            this.x = e
        exports.K = K"#,
    );
}

#[test]
fn types_leave_no_trace() {
    shows(
        "a.ts",
        "import type { A } from 'a'; import { type B, C } from 'b'; import { D, E } from 'd'; import fs = require('fs'); import P = N.M.Q;
        interface I { a: string } type T = string; declare const q: number; declare module 'x' { const y: number }
        function over(a: string): void; function over(a: number): void; function over(a: any) { return <string>a }
        const v = { a: 1 } as const; const w = foo satisfies Bar; let u!: string; export type { A }; export { I, v };
        function withThis(this: Window, a?: E): Promise<D> {} use(C, fs);",
        r#"
        module [C E fs P over v w u withThis]
        C = (import b).C
        E = (import d).E
        fs = (import? fs)
        over = function over(a) [a] this
          return a
        withThis = function withThis(a: E) [a] this
        P = N.M.Q
        v = {"a": 1}
        w = foo
        u = null
        (call use C fs)
        exports.v = v"#,
    );
}

#[test]
fn enums_and_namespaces() {
    shows(
        "a.ts",
        "enum E { A, B = 5, C, D = 'd', F = -2, G } export const enum H { X = 1 << 2, Y }
        namespace N { export const x = 1; export function f() { return x } const hidden = 2 }
        export = N;",
        r#"
        module [E H N]
        E = {"A": 0 "0": "A" "B": 5 "5": "B" "C": 6 "6": "C" "D": "d" "F": (- 2) "-2": "F" "G": (- 1) "-1": "G"}
        H = {"X": (<< 1 2) "Y": (unknown computed member of an enum)}
        exports.H = H
        N = (call function() [x f hidden] this
          f = function f() [] this
            return x
          x = 1
          hidden = 2
          return {"x": x "f": f}
        )
        exports = N"#,
    );
}

#[test]
fn what_is_not_translated_says_so() {
    shows(
        "a.tsx",
        "export const App = () => <div a={f()}>{x}</div>; const g = <T,>(a: T) => a;",
        "
        module [App g]
        App = function() []
          return (unknown JSX)
        exports.App = App
        g = function(a: T) [a]
          return a",
    );
    shows(
        "a.js",
        "#!/usr/bin/env node\n'use strict';\nwith (a) { b() } import(c);",
        "
        module []
        unknown with
        (unknown import of a computed name)",
    );
}
