//! 院内耗材对照: items of the hospital's ledger, suggestions, links made by a person.

use std::fmt::Write as _;

use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    HospitalItemReq, HospitalItemScope, HospitalItemSource, HospitalItemsReq, ItemLinkReq, LedgerDetectReq,
    LedgerImportReq, ProductReq,
};

use crate::cycle::catalogue_of;
use crate::world::World;

fn all(scope: HospitalItemScope) -> HospitalItemsReq {
    HospitalItemsReq { text: String::new(), scope, after: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_the_ledger_is_linked_by_a_person_only() {
    let world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let linked = app.items(all(HospitalItemScope::Linked)).await.unwrap();
    assert!(linked.rows.iter().all(|row| row.source == HospitalItemSource::Platform));
    assert_eq!(linked.unlinked, 0);
    let by_platform = linked.rows[0].clone();

    // Two items that the platform does not know: one with a code, one by its words.
    let products = app.catalogue(catalogue_of("导管")).await.unwrap().rows;
    let coded = products.iter().find(|row| row.mcs_code.is_some()).unwrap();
    let named = products.iter().rev().find(|row| row.name != coded.name || row.spec != coded.spec).unwrap();
    let mut text = "院内编码,产品名称,规格型号,生产企业,医保编码,入库日期,数量,单位,单价\n".to_owned();
    let code = coded.mcs_code.as_deref().unwrap();
    for day in 10..13 {
        writeln!(text, "HC0001,院内叫法,,,{code},2026-10-{day},1,根,1").unwrap();
    }
    writeln!(text, "HC0002,{},{},{},,2026-10-12,2,{},1", named.name, named.spec, named.maker, named.unit)
        .unwrap();
    let file = seat.folder().join("台账.csv");
    std::fs::write(&file, text).unwrap();
    let path = file.display().to_string();
    let detect =
        LedgerDetectReq { path: Some(path.clone()), profile: None, sheet: None, headings: Vec::new() };
    let seen = app.ledger_detect(detect).await.unwrap();
    let import = LedgerImportReq {
        path,
        sha256: seen.sha256,
        profile: None,
        sheet: None,
        headings: Vec::new(),
        period: None,
        save_as: None,
    };
    assert_eq!(app.ledger_import(import).await.unwrap().added, 4);

    let open = app.items(all(HospitalItemScope::Unlinked)).await.unwrap();
    let names: Vec<(&str, u32)> = open.rows.iter().map(|row| (row.item.as_str(), row.lines)).collect();
    assert_eq!((names, open.unlinked), (vec![("HC0001", 3), ("HC0002", 1)], 2), "the busiest first");
    let suggest = |item: &str| HospitalItemReq { item: item.to_owned() };
    let by_code = app.item_suggestions(suggest("HC0001")).await.unwrap();
    assert_eq!((by_code.products[0].product.as_str(), by_code.products[0].score), (coded.id.as_str(), 100));
    assert_eq!(by_code.products[0].reasons[0], "医保编码相同");
    let by_words = app.item_suggestions(suggest("HC0002")).await.unwrap().products;
    assert!(by_words.iter().any(|one| one.product == named.id), "{by_words:?}");
    assert!(by_words.is_sorted_by(|a, b| a.score >= b.score) && by_words.len() <= 10);
    let still = app.items(all(HospitalItemScope::Unlinked)).await.unwrap();
    assert_eq!(still.unlinked, 2, "a suggestion links nothing");

    let link = |item: &str, product: &str, num: u32, den: u32| ItemLinkReq {
        item: item.to_owned(),
        product: product.to_owned(),
        factor_num: num,
        factor_den: den,
    };
    for (req, code) in [
        (link("HC9999", &coded.id, 1, 1), ErrorCode::NotFound),
        (link("HC0001", "nowhere", 1, 1), ErrorCode::NotFound),
        (link("HC0001", &coded.id, 0, 1), ErrorCode::FieldInvalid),
        (link("HC0001", &coded.id, 1, 0), ErrorCode::FieldInvalid),
        (link(&by_platform.item, &coded.id, 1, 1), ErrorCode::WrongState),
    ] {
        assert_eq!(app.item_link(req.clone()).await.unwrap_err().code, code, "{req:?}");
    }
    let done = app.item_link(link("HC0001", &coded.id, 10, 1)).await.unwrap();
    assert_eq!((done.source, done.factor_num), (HospitalItemSource::Person, 10));
    assert!(done.product_name.unwrap().starts_with(&coded.name));
    assert_eq!(app.items(all(HospitalItemScope::Unlinked)).await.unwrap().unlinked, 1);
    let back = app.item_unlink(suggest("HC0001")).await.unwrap();
    assert_eq!((back.source, back.product), (HospitalItemSource::Nobody, None));
    let error = app.item_unlink(suggest("HC0001")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState);
    assert!(app.product(ProductReq { product: "nowhere".to_owned() }).await.is_err());
}
